import type { Selector, Span } from '../rule/types'

/** How a trait is worked out of events, as `cdp/traits` writes it in JSON (version 1). */

export const AGGREGATES = [
  'count',
  'sum',
  'average',
  'min',
  'max',
  'first_time',
  'last_time',
  'distinct',
  'most_frequent',
  'top',
  'best_hour',
  'last_value',
] as const
export type Aggregate = (typeof AGGREGATES)[number]

export interface Formula {
  version: 1
  of: Aggregate
  event?: Selector | null
  /** Several events that count alike, instead of one. */
  events?: Selector[] | null
  path?: string | null
  window?: Span | null
  limit?: number | null
}

const WITHOUT_PATH: readonly Aggregate[] = ['count', 'first_time', 'last_time', 'best_hour']

/** Whether an aggregate is of what events say at a path. */
export const readsPath = (of: Aggregate): boolean => !WITHOUT_PATH.includes(of)

const NUMERIC: readonly Aggregate[] = ['sum', 'average', 'min', 'max']

/** Whether only numbers can be taken together so. */
export const needsNumbers = (of: Aggregate): boolean => NUMERIC.includes(of)

export const eventsOf = ({ event, events }: Formula): Selector[] => events ?? (event ? [event] : [])

/** The same formula over other events; one stands by itself. */
export const withEvents = (formula: Formula, events: Selector[]): Formula => {
  const { event: _, events: __, ...rest } = formula
  const [only] = events
  return events.length === 1 && only ? { ...rest, event: only } : { ...rest, events }
}

/** What kind of value comes out. */
export const typeOf = (of: Aggregate): 'number' | 'date' | 'text' | 'options' => {
  if (of === 'first_time' || of === 'last_time') return 'date'
  if (of === 'top') return 'options'
  return of === 'most_frequent' || of === 'last_value' ? 'text' : 'number'
}

const MOST = 5

/** The same formula with another aggregate: what it does not need is dropped. */
export const withAggregate = (formula: Formula, of: Aggregate): Formula => ({
  ...formula,
  of,
  path: readsPath(of) ? (formula.path ?? '') : undefined,
  limit: of === 'top' ? (formula.limit ?? MOST) : undefined,
})

export const freshFormula = (): Formula => ({
  version: 1,
  of: 'count',
  event: { name: '', kind: 'track' },
  window: { amount: 90, unit: 'days' },
})

/** Whether a formula says all it has to. */
export const isWholeFormula = (formula: Formula): boolean => {
  const events = eventsOf(formula)
  const { of, path, window, limit } = formula
  const isNamed = events.length > 0 && events.every(({ name }) => name !== '')
  const isCounted = of !== 'top' || (Number.isFinite(limit) && Number(limit) >= 1)
  return isNamed && isCounted && (!readsPath(of) || Boolean(path)) && (!window || window.amount >= 1)
}
