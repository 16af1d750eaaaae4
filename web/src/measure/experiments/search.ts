export interface ExperimentsSearch {
  /** Begin with a new experiment on this segment. */
  segment?: number
}

export const parseExperimentsSearch = ({ segment }: Record<string, unknown>): ExperimentsSearch =>
  typeof segment === 'number' && Number.isInteger(segment) && segment > 0 ? { segment } : {}
