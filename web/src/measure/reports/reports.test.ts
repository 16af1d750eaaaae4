import { describe, expect, it } from 'vitest'
import type { Cohort, EventNames, RfmReport } from '@/kernel/api'
import { defaultSteps } from './funnel/default-steps'
import { MOST_STEPS, parseFunnelSearch } from './funnel/search'
import { valuePerBuyer } from './retention/figures'
import { bandsOf, cellAt, cellValue, gapsOf } from './rfm/figures'

const named = (...names: string[]) =>
  ({ items: names.map((name) => ({ name, people: 1, events: 1 })) }) as EventNames

describe('a funnel', () => {
  it('begins with the usual way to an order', () => {
    expect(defaultSteps(named('Order Completed', 'Invite Sent', 'Product Viewed'))).toEqual([
      'Product Viewed',
      'Order Completed',
    ])
  })

  it('begins with the most frequent events of a brand that has its own', () => {
    expect(defaultSteps(named('Seat Taken', 'Flight Booked', 'Order Completed'))).toEqual([
      'Seat Taken',
      'Flight Booked',
    ])
  })

  it('is read from an address that may be wrong', () => {
    expect(parseFunnelSearch({ steps: ['A', '', 7, 'B'], window: 14 })).toEqual({
      steps: ['A', 'B'],
      window: 14,
    })
    expect(parseFunnelSearch({ steps: 'A', window: 3 })).toEqual({})
    expect(parseFunnelSearch({ steps: Array(20).fill('A') }).steps).toHaveLength(MOST_STEPS)
  })
})

describe('a cell of the RFM grid', () => {
  const cells = [{ recency: 5, frequency: 2, people: 4, revenue_minor: 1000 }]

  it('is empty where the server names none', () => {
    expect(cellValue(cellAt(cells, 1, 1), 'people')).toBeNull()
  })

  it.each([
    ['people', 4],
    ['revenue', 1000],
    ['average', 250],
  ] as const)('shows %s', (measure, value) => {
    expect(cellValue(cellAt(cells, 5, 2), measure)).toBe(value)
  })
})

describe('a cohort', () => {
  it('adds up what its buyers brought, a person', () => {
    const cohort = { people: 10, revenue_minor: [1000, 0, 500] } as unknown as Cohort
    expect(valuePerBuyer(cohort)).toEqual([100, 100, 150])
  })
})

describe('the scores of a brand where two of three buyers bought once', () => {
  const cell = (recency: number, frequency: number) => ({ recency, frequency, people: 3, revenue_minor: 0 })
  const report = {
    cells: [cell(1, 1), cell(2, 4), cell(3, 1), cell(5, 5)],
    bounds: { recency_days: [90, 40, 20, 7, 7], frequency: [1, 2, 2, 2, 4] },
  } as RfmReport

  it('stand for purchases that no other score stands for', () => {
    expect(bandsOf(report, 'frequency')).toEqual([
      { score: 1, least: 1, most: 1 },
      { score: 4, least: 2, most: 3 },
      { score: 5, least: 4, most: null },
    ])
  })

  it('stand for days that no other score stands for', () => {
    expect(bandsOf(report, 'recency')).toEqual([
      { score: 1, least: 41, most: 90 },
      { score: 2, least: 21, most: 40 },
      { score: 3, least: 8, most: 20 },
      { score: 5, least: 0, most: 7 },
    ])
  })

  it('leave out those that nobody has', () => {
    expect(gapsOf(bandsOf(report, 'frequency'))).toEqual([[2, 3]])
    expect(gapsOf(bandsOf(report, 'recency'))).toEqual([[4, 4]])
    expect(gapsOf([{ score: 3, least: 1, most: null }])).toEqual([
      [4, 5],
      [1, 2],
    ])
  })
})
