import { describe, expect, it } from 'vitest'
import type { VerdictDay, VerdictReport, VerdictRow } from '@/kernel/api'
import { courseRange, courses, creditedProfit, shareOf, spansZero, trueProfit, waterfall } from './figures'
import { parseVerdictSearch } from './search'

const interval = (low_minor: number, estimate_minor: number, high_minor: number) => ({
  low_minor,
  estimate_minor,
  high_minor,
})

const row = (known: Partial<VerdictRow>) =>
  ({ credited_last_touch_minor: 0, spend_minor: 0, truth: null, caused_profit: null, ...known }) as VerdictRow

const profit = interval(-500, -200, 100)
const ROWS = [
  row({
    spend_minor: 300,
    credited_last_touch_minor: 4000,
    state: 'wasted',
    caused_profit: interval(-300, -250, -200),
  }),
  row({
    spend_minor: 700,
    credited_last_touch_minor: 1000,
    state: 'unproven',
    caused_profit: interval(-400, 50, 500),
  }),
  row({ spend_minor: 9000, credited_last_touch_minor: 90_000, state: 'unproven' }),
]

const report = (rows: VerdictRow[], caused_profit: VerdictReport['totals']['caused_profit'] = profit) =>
  ({ margin: 0.4, rows, totals: { caused_profit } }) as VerdictReport

const day = (channel: string, date: string, state: VerdictDay['state'], reach = 10): VerdictDay => ({
  channel,
  day: date,
  state,
  low_minor: 5 - reach,
  estimate_minor: 5,
  high_minor: 5 + reach,
})

describe('an interval', () => {
  it.each([
    [-5, 5, true],
    [0, 5, true],
    [1, 5, false],
    [-5, -1, false],
  ])('from %i to %i spans zero: %s', (low, high, spans) => {
    expect(spansZero(interval(low, 0, high))).toBe(spans)
  })
})

describe('the waterfall', () => {
  it('leads from credited to caused profit without a gap, past channels of which nothing is known', () => {
    const steps = waterfall(report(ROWS))
    // 5,000 credited at 40 % are 2,000; -200 of profit after 1,000 of spend are 800 before it.
    expect(steps.map(({ key, from, to }) => [key, from, to])).toEqual([
      ['credited', 0, 2000],
      ['anyway', 2000, 800],
      ['caused', 0, 800],
      ['wasted', 800, 500],
      ['spent', 500, -200],
      ['profit', 0, -200],
    ])
  })

  it('carries the interval of what was caused, before and after the spend', () => {
    const whiskers = waterfall(report(ROWS)).filter(({ interval: known }) => known)
    expect(whiskers.map(({ interval: known }) => [known?.low_minor, known?.high_minor])).toEqual([
      [500, 1100],
      [-500, 100],
    ])
  })

  it('says that last touch missed something where more was caused than credited', () => {
    const uncredited = ROWS.map((each) => ({ ...each, credited_last_touch_minor: 0 }))
    expect(waterfall(report(uncredited))[1]?.key).toBe('missed')
  })

  it('leaves waste out while none is proven', () => {
    expect(waterfall(report(ROWS.slice(1))).map(({ key }) => key)).not.toContain('wasted')
  })

  it('is not drawn while nothing is known', () => {
    expect(waterfall(report(ROWS, null))).toEqual([])
  })
})

describe('a row', () => {
  const sold = row({ credited_last_touch_minor: 5000, spend_minor: 1000 })

  it('is credited with its margin less its spend', () => {
    expect(creditedProfit(sold, 0.4)).toBe(1000)
  })

  it('has a true profit only where the world tells it', () => {
    expect(trueProfit(sold, 0.4)).toBeNull()
    expect(trueProfit({ ...sold, truth: { caused_revenue_minor: 500, state: 'wasted' } }, 0.4)).toBe(-800)
  })

  it('is no share of nothing', () => {
    expect(shareOf(0, 0)).toBe(0)
  })
})

describe('the history', () => {
  const history = [
    day('b', '2026-03-03', 'wasted'),
    day('b', '2026-03-01', 'unproven'),
    day('a', '2026-03-01', 'working'),
    day('b', '2026-03-02', 'wasted'),
  ]

  it('follows the ledger and tells since when a verdict has held', () => {
    const rows = [{ channel: 'b' }, { channel: 'c' }] as VerdictRow[]
    expect(courses({ history, rows }).map(({ channel, state, since }) => [channel, state, since])).toEqual([
      ['b', 'wasted', '2026-03-02'],
      ['a', 'working', '2026-03-01'],
    ])
  })

  it('shows zero and cuts early, wide intervals', () => {
    const days = [day('a', '2026-03-01', 'unproven', 1000), day('a', '2026-03-02', 'working', 2)]
    expect(courseRange(days)).toEqual([0, 9])
  })
})

describe('the address', () => {
  it('keeps what makes sense', () => {
    expect(parseVerdictSearch({ by: 'campaign', days: 365 })).toEqual({ by: 'campaign', days: 365 })
    expect(parseVerdictSearch({ by: 'channel', days: 0 })).toEqual({})
    expect(parseVerdictSearch({ by: 'moon' })).toEqual({})
  })
})
