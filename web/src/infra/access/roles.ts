/** From most to least. */
export const ROLES = ['owner', 'operator', 'agent', 'analyst', 'viewer'] as const
