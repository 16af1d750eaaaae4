import type { MoneyInterval, VerdictDay, VerdictReport, VerdictRow, VerdictState } from '@/kernel/api'

/** Whether an interval leaves open on which side of zero the truth is. */
export const spansZero = ({ low_minor, high_minor }: MoneyInterval): boolean =>
  low_minor <= 0 && high_minor >= 0

/** What sets a row apart from the others of the same split. */
export const rowKey = ({ channel, campaign, segment }: VerdictRow): string =>
  [channel, campaign ?? '', segment ?? ''].join('\u0000')

/** The profit that last touch would have us believe in. */
export const creditedProfit = (row: VerdictRow, margin: number): number =>
  Math.round(row.credited_last_touch_minor * margin) - row.spend_minor

/** The profit that the world knows of, where it tells. */
export const trueProfit = ({ truth, spend_minor }: VerdictRow, margin: number): number | null =>
  truth === null ? null : Math.round(truth.caused_revenue_minor * margin) - spend_minor

/** A part of the whole as a fraction; nothing of nothing is nothing. */
export const shareOf = (part: number, whole: number): number => (whole > 0 ? part / whole : 0)

export type StepKey = 'credited' | 'anyway' | 'missed' | 'caused' | 'wasted' | 'spent' | 'profit'

/** One bar of the waterfall, from one amount to another; sums stand on the ground, changes float. */
export interface Step {
  key: StepKey
  from: number
  to: number
  interval: MoneyInterval | null
}

const shift = ({ estimate_minor, low_minor, high_minor }: MoneyInterval, by: number): MoneyInterval => ({
  estimate_minor: estimate_minor + by,
  low_minor: low_minor + by,
  high_minor: high_minor + by,
})

const sum = (rows: readonly VerdictRow[], amount: (row: VerdictRow) => number): number =>
  rows.reduce((total, row) => total + amount(row), 0)

/** The rows whose profit is known, however widely. */
export const tested = (rows: readonly VerdictRow[]): VerdictRow[] =>
  rows.filter(({ caused_profit }) => caused_profit !== null)

/**
 * From what last touch credits to what was caused, and from there to profit; of the channels with evidence only,
 * for like must be compared with like. Empty while nothing is known.
 */
export const waterfall = ({ totals, rows, margin }: VerdictReport): Step[] => {
  const { caused_profit: profit } = totals
  if (!profit) return []
  const known = tested(rows)
  const spend = sum(known, ({ spend_minor }) => spend_minor)
  const wasted = sum(known, ({ state, spend_minor }) => (state === 'wasted' ? spend_minor : 0))
  const credited = Math.round(sum(known, (row) => row.credited_last_touch_minor) * margin)
  const caused = shift(profit, spend)
  const step = (key: StepKey, from: number, to: number, interval: MoneyInterval | null = null): Step => ({
    key,
    from,
    to,
    interval,
  })
  const steps = [
    step('credited', 0, credited),
    step(caused.estimate_minor > credited ? 'missed' : 'anyway', credited, caused.estimate_minor),
    step('caused', 0, caused.estimate_minor, caused),
    step('wasted', caused.estimate_minor, caused.estimate_minor - wasted),
    step('spent', caused.estimate_minor - wasted, profit.estimate_minor),
    step('profit', 0, profit.estimate_minor, profit),
  ]
  return steps.filter(({ key, from, to }) => (key !== 'wasted' && key !== 'spent') || from !== to)
}

/** One channel's verdict over the days. */
export interface Course {
  channel: string
  days: VerdictDay[]
  state: VerdictState
  /** The day since when the state has been what it is. */
  since: string
}

/** The history by channel, in the order of the ledger. */
export const courses = ({ history, rows }: Pick<VerdictReport, 'history' | 'rows'>): Course[] => {
  const byChannel = new Map<string, VerdictDay[]>()
  for (const day of history) byChannel.set(day.channel, [...(byChannel.get(day.channel) ?? []), day])
  const order = [...new Set([...rows.map(({ channel }) => channel), ...byChannel.keys()])]
  return order.flatMap((channel) => {
    const days = [...(byChannel.get(channel) ?? [])].sort((one, other) => one.day.localeCompare(other.day))
    const last = days.at(-1)
    if (!last) return []
    const turn = days.findLastIndex(({ state }) => state !== last.state)
    return [{ channel, days, state: last.state, since: days[turn + 1]?.day ?? last.day }]
  })
}

/** The amounts a small picture has to show; early, wide intervals are cut off, or the later ones would be lines. */
export const courseRange = (days: readonly VerdictDay[]): [number, number] => {
  const last = days.at(-1)
  if (!last) return [0, 0]
  const reach = last.high_minor - last.low_minor
  const estimates = days.map(({ estimate_minor }) => estimate_minor)
  return [
    Math.min(0, last.low_minor - reach / 2, ...estimates),
    Math.max(0, last.high_minor + reach / 2, ...estimates),
  ]
}

/** Whether anybody has been held out of anything yet. */
export const hasEvidence = (rows: readonly VerdictRow[]): boolean =>
  rows.some(({ evidence }) => evidence.kind !== 'none')
