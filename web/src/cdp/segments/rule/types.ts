/** A segment's rule, as `cdp/segments/tree.py` writes it in JSON (version 1). */

export type Scalar = boolean | number | string

export const UNITS = ['seconds', 'minutes', 'hours', 'days', 'weeks'] as const
export type Unit = (typeof UNITS)[number]

export interface Span {
  amount: number
  unit: Unit
}

export type Test =
  | { op: 'exists' | 'missing' }
  | { op: 'is'; value: Scalar }
  | { op: 'one_of'; values: Scalar[] }
  | { op: 'contains' | 'starts_with'; value: string }
  | { op: 'more' | 'at_least' | 'less' | 'at_most'; value: number }
  | { op: 'between'; low: number; high: number }
  | { op: 'before' | 'after'; at: string }
  | { op: 'within_last' | 'longer_ago' | 'exactly_ago' | 'within_next'; span: Span }
  | { op: 'anniversary'; days: number }

export type Op = Test['op']

export interface Property {
  type: 'property'
  path: string
  test: Test
}

export interface Product {
  type: 'product'
  where: Property[]
}

export type Filter = Property | Product

export const EVENT_KINDS = ['track', 'page', 'screen'] as const
export type EventKind = (typeof EVENT_KINDS)[number]

export interface Selector {
  name: string
  kind?: EventKind
  where?: Filter[]
}

export interface Period {
  begin?: string
  end?: string
}

export const COUNTS = ['event_count', 'order_count', 'revenue_minor'] as const
export const MOMENTS = [
  'first_seen_at',
  'last_seen_at',
  'introduced_at',
  'operated_at',
  'converted_at',
  'shared_at',
  'repurchased_at',
  'first_touch_at',
  'last_touch_at',
] as const
export const FIELDS = [...COUNTS, ...MOMENTS] as const
export type FieldName = (typeof FIELDS)[number]

export const MEASURES = ['count', 'sum', 'average', 'largest', 'smallest', 'first', 'last'] as const
export type Measure = (typeof MEASURES)[number]

export const TOUCHES = ['any', 'first', 'last'] as const
export type Touch = (typeof TOUCHES)[number]

export const DOMAINS = ['public', 'commercial', 'private', 'unknown'] as const
export type Domain = (typeof DOMAINS)[number]

export interface EventLeaf {
  type: 'event'
  event: Selector
  measure?: Measure
  of?: string
  test: Test
  within?: Span
  period?: Period
}

export interface SequenceLeaf {
  type: 'sequence'
  steps: Selector[]
  within: Span
  completed?: Span
}

/** A condition that holds no others. */
export type Leaf =
  | { type: 'trait'; name: string; test: Test }
  | { type: 'field'; name: FieldName; test: Test }
  | { type: 'tag'; tag: string }
  | { type: 'layer'; layer: string; classes: string[] }
  | { type: 'reachable'; channel?: string }
  | { type: 'source'; sources: string[]; touch?: Touch }
  | { type: 'domain'; domain: Domain; touch?: Touch }
  | { type: 'referral'; role: 'inviter' | 'invitee' }
  | { type: 'segment'; segment_id: number }
  | { type: 'list'; list_id: number }
  | { type: 'sample'; percent: number; salt?: string }
  | EventLeaf
  | SequenceLeaf

export type LeafType = Leaf['type']

export type Condition =
  | { type: 'all' | 'any'; conditions: Condition[] }
  | { type: 'not'; condition: Condition }
  | Leaf

export interface Rule {
  version: 1
  condition: Condition
}

/** The leaf of a type. */
export type LeafOf<Type extends LeafType> = Extract<Leaf, { type: Type }>

export const isMoment = (field: FieldName): boolean => (MOMENTS as readonly string[]).includes(field)

export const isMomentMeasure = (measure: Measure): boolean => measure === 'first' || measure === 'last'

/** Whether a measure is of the numbers at a path. */
export const needsPath = (measure: Measure): boolean => !['count', 'first', 'last'].includes(measure)
