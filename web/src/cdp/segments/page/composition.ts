import type { StageName } from '@/kernel/api'
import { type Condition, DOMAINS, type Domain, type Rule } from '../rule/types'

/** A part of a segment's people: those of a stage, or those whose first touch came from somewhere. */
export type Part =
  | { by: 'stage'; name: StageName }
  | { by: 'domain'; name: Domain }
  | { by: 'source'; name: string }

export const partsOf = (stages: readonly StageName[], sources: readonly string[]): Part[] => [
  ...stages.map((name) => ({ by: 'stage' as const, name })),
  ...DOMAINS.map((name) => ({ by: 'domain' as const, name })),
  ...sources.map((name) => ({ by: 'source' as const, name })),
]

const conditionOf = ({ by, name }: Part): Condition => {
  if (by === 'stage') return { type: 'layer', layer: 'stage', classes: [name] }
  if (by === 'domain') return { type: 'domain', domain: name as Domain, touch: 'first' }
  return { type: 'source', sources: [name], touch: 'first' }
}

/** A rule whose groups are the parts, so that one look counts all of them. */
export const compositionRule = (segmentId: number, parts: readonly Part[]): Rule => ({
  version: 1,
  condition: {
    type: 'any',
    conditions: parts.map((part) => ({
      type: 'all',
      conditions: [{ type: 'segment', segment_id: segmentId }, conditionOf(part)],
    })),
  },
})

/** How many are in each part, in their order, out of what the look says of each group. */
export const countsOf = (
  parts: readonly Part[],
  conditions: readonly { path: string; people: number }[],
): number[] => {
  const people = new Map(conditions.map((each) => [each.path, each.people]))
  return parts.map((_, index) => people.get(`$.condition.conditions[${index}]`) ?? 0)
}
