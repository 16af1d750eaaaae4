import type { Identity, IdentityEdge, IdentityNode } from '@/kernel/api'

export interface Spot {
  node: IdentityNode
  x: number
  y: number
  /** Where the words stand, seen from the dot. */
  side: 'left' | 'right' | 'below'
}

export interface Tie {
  from: Spot
  to: Spot
  /** None between identifiers that have always been one. */
  edge?: IdentityEdge
}

export const ROW = 58
const LEAST_ROWS = 3

/** How many homes each home is tied to. */
const tieCounts = (edges: readonly IdentityEdge[]): Map<number, number> => {
  const counts = new Map<number, number>()
  for (const { low_id: low, high_id: high } of edges) {
    counts.set(low, (counts.get(low) ?? 0) + 1)
    counts.set(high, (counts.get(high) ?? 0) + 1)
  }
  return counts
}

const byAge = (one: IdentityNode, other: IdentityNode): number =>
  one.first_seen_at.localeCompare(other.first_seen_at)

/** The identifier in the middle: the one with most ties, the oldest of equals. */
const middleOf = (
  nodes: readonly IdentityNode[],
  edges: readonly IdentityEdge[],
): IdentityNode | undefined => {
  const counts = tieCounts(edges)
  const ties = ({ home_id: home }: IdentityNode) => counts.get(home) ?? 0
  return [...nodes].sort((one, other) => ties(other) - ties(one) || byAge(one, other))[0]
}

/** How high the drawing must be: the other identifiers stand in two columns. */
export const heightFor = (nodes: readonly IdentityNode[]): number =>
  Math.max(LEAST_ROWS, Math.ceil((nodes.length - 1) / 2)) * ROW

/** One identifier in the middle, the others in a column at each side, so that no words cross a line. */
export const placeNodes = ({ nodes, edges }: Pick<Identity, 'nodes' | 'edges'>, width: number): Spot[] => {
  const middle = middleOf(nodes, edges)
  if (!middle) return []
  const height = heightFor(nodes)
  const others = nodes.filter((node) => node !== middle).sort(byAge)
  const columns = [others.filter((_, index) => index % 2 === 0), others.filter((_, index) => index % 2 === 1)]
  const spots = columns.flatMap((column, index): Spot[] =>
    column.map((node, row) => ({
      node,
      x: index === 0 ? width * 0.7 : width * 0.3,
      y: ((row + 0.5) / column.length) * height,
      side: index === 0 ? 'right' : 'left',
    })),
  )
  return [{ node: middle, x: width / 2, y: height / 2, side: 'below' }, ...spots]
}

/** The lines: statements between homes, and between the identifiers of one home. */
export const tiesBetween = (spots: readonly Spot[], edges: readonly IdentityEdge[]): Tie[] => {
  const byHome = new Map<number, Spot[]>()
  for (const spot of spots) byHome.set(spot.node.home_id, [...(byHome.get(spot.node.home_id) ?? []), spot])
  const inner = [...byHome.values()].flatMap(([first, ...others]) =>
    first ? others.map((other) => ({ from: first, to: other })) : [],
  )
  const outer = edges.flatMap((edge) => {
    const [from] = byHome.get(edge.low_id) ?? []
    const [to] = byHome.get(edge.high_id) ?? []
    return from && to ? [{ from, to, edge }] : []
  })
  return [...inner, ...outer]
}
