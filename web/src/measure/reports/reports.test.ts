import { describe, expect, it } from 'vitest'
import type { Cohort, EventNames } from '@/kernel/api'
import { defaultSteps } from './funnel/default-steps'
import { MOST_STEPS, parseFunnelSearch } from './funnel/search'
import { valuePerBuyer } from './retention/figures'
import { cellAt, cellValue } from './rfm/figures'

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
