import type { EventLeaf, Leaf, LeafOf, LeafType, Op, Scalar, Selector, Span, Test } from './types'
import { isMomentMeasure, type Measure } from './types'

/** What kind of values a test is of. */
export type ValueKind = 'number' | 'moment' | 'text' | 'boolean' | 'unknown'

const NUMBER_OPS: readonly Op[] = ['at_least', 'more', 'at_most', 'less', 'is', 'between', 'one_of']
const MOMENT_OPS: readonly Op[] = [
  'within_last',
  'longer_ago',
  'exactly_ago',
  'within_next',
  'before',
  'after',
  'anniversary',
]
const TEXT_OPS: readonly Op[] = ['is', 'one_of', 'contains', 'starts_with']
const PRESENCE: readonly Op[] = ['exists', 'missing']
// What an event said does not depend on when it is asked.
const TIMELESS: readonly Op[] = [
  'is',
  'one_of',
  'contains',
  'starts_with',
  'at_least',
  'more',
  'at_most',
  'less',
  'between',
  'before',
  'after',
]

/** The tests of a trait, the usual ones of its kind first. */
export const traitOps = (kind: ValueKind): Op[] => {
  const usual = {
    number: NUMBER_OPS,
    moment: MOMENT_OPS,
    text: TEXT_OPS,
    boolean: ['is'],
    unknown: TEXT_OPS,
  }[kind] as readonly Op[]
  const others = kind === 'unknown' ? [...NUMBER_OPS, ...MOMENT_OPS] : []
  const lists: Op[] = kind === 'moment' ? ['is'] : []
  return [...new Set([...usual, ...PRESENCE, ...others, ...lists])]
}

/** The tests of an event's property. */
export const propertyOps = (kind: ValueKind): Op[] => {
  const usual = traitOps(kind).filter((op) => TIMELESS.includes(op) || PRESENCE.includes(op))
  return [...new Set([...usual, ...TIMELESS])]
}

export const fieldOps = (isMoment: boolean): Op[] =>
  isMoment ? [...MOMENT_OPS, 'exists', 'missing'] : [...NUMBER_OPS]

export const measureOps = (measure: Measure): Op[] => {
  if (isMomentMeasure(measure)) return [...MOMENT_OPS]
  return [...NUMBER_OPS]
}

export const freshSpan = (amount = 30): Span => ({ amount, unit: 'days' })

const scalarOf = (kind: ValueKind): Scalar => {
  if (kind === 'number') return Number.NaN
  return kind === 'boolean' ? true : ''
}

/** What of an old test can be kept in a new one: numbers, spans, moments and values are carried over. */
const kept = (old: Test | undefined) => {
  const held = (old ?? {}) as { value?: Scalar; values?: Scalar[]; span?: Span; at?: string; low?: number }
  return {
    value: held.value ?? held.values?.[0] ?? held.low,
    span: held.span,
    at: held.at,
  }
}

/** A new test with an operator, filled with what the old one said where it fits. */
export const freshTest = (op: Op, kind: ValueKind = 'unknown', old?: Test): Test => {
  const { value, span, at } = kept(old)
  const number = typeof value === 'number' ? value : Number.NaN
  switch (op) {
    case 'exists':
    case 'missing':
      return { op }
    case 'is':
      return { op, value: value ?? scalarOf(kind) }
    case 'one_of':
      return { op, values: value === undefined || value === '' || Number.isNaN(value) ? [] : [value] }
    case 'contains':
    case 'starts_with':
      return { op, value: typeof value === 'string' ? value : '' }
    case 'more':
    case 'at_least':
    case 'less':
    case 'at_most':
      return { op, value: number }
    case 'between':
      return { op, low: number, high: Number.NaN }
    case 'before':
    case 'after':
      return { op, at: at ?? '' }
    case 'anniversary':
      return { op, days: 0 }
    default:
      return { op, span: span ?? freshSpan(op === 'exactly_ago' ? 7 : 30) }
  }
}

export const freshSelector = (name = ''): Selector => ({ name, kind: 'track' })

export const freshEvent = (name = ''): EventLeaf => ({
  type: 'event',
  event: freshSelector(name),
  measure: 'count',
  test: { op: 'at_least', value: 1 },
  within: freshSpan(),
})

const FRESH: { [Type in LeafType]: () => LeafOf<Type> } = {
  event: () => freshEvent(),
  sequence: () => ({
    type: 'sequence',
    steps: [freshSelector(), freshSelector()],
    within: freshSpan(7),
  }),
  trait: () => ({ type: 'trait', name: '', test: { op: 'is', value: '' } }),
  field: () => ({ type: 'field', name: 'order_count', test: { op: 'at_least', value: 1 } }),
  tag: () => ({ type: 'tag', tag: '' }),
  layer: () => ({ type: 'layer', layer: 'stage', classes: [] }),
  reachable: () => ({ type: 'reachable', channel: 'any' }),
  source: () => ({ type: 'source', sources: [], touch: 'any' }),
  domain: () => ({ type: 'domain', domain: 'public', touch: 'any' }),
  referral: () => ({ type: 'referral', role: 'inviter' }),
  segment: () => ({ type: 'segment', segment_id: 0 }),
  list: () => ({ type: 'list', list_id: 0 }),
  sample: () => ({ type: 'sample', percent: 10, salt: '' }),
}

/** A new condition of a type, as far as it can be filled in without asking. */
export const freshLeaf = (type: LeafType): Leaf => FRESH[type]()
