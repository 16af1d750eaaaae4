import type { Identifier, IdentityNode } from '@/kernel/api'

interface Home {
  id: number
  identifiers: Identifier[]
  firstSeenAt: string
}

/** What can be parted: identifiers that were always one stay together. Oldest first. */
export const homesToPart = (nodes: readonly IdentityNode[]): Home[] => {
  const homes = new Map<number, Home>()
  for (const { home_id: id, kind, value, first_seen_at: at } of nodes) {
    const home = homes.get(id) ?? { id, identifiers: [], firstSeenAt: at }
    home.identifiers.push({ kind, value })
    if (at < home.firstSeenAt) home.firstSeenAt = at
    homes.set(id, home)
  }
  return [...homes.values()].sort((one, other) => one.firstSeenAt.localeCompare(other.firstSeenAt))
}
