import { describe, expect, it } from 'vitest'
import { chosenDays, LONG, parsePeriodSearch, resolvePeriod, WHOLE } from './period'

describe('a period in the address', () => {
  it('is the last 28 days when nothing is said', () => {
    expect(resolvePeriod(parsePeriodSearch({}), '2026-11-21')).toEqual({
      from: '2026-10-25',
      to: '2026-11-21',
    })
    expect(chosenDays({})).toBe(28)
  })

  it('may be another number of days', () => {
    expect(resolvePeriod(parsePeriodSearch({ days: '7' }), '2026-11-21')).toEqual({
      from: '2026-11-15',
      to: '2026-11-21',
    })
  })

  it('has the lengths that the page offers', () => {
    expect(parsePeriodSearch({ days: 365 }, LONG)).toEqual({ days: 365 })
    expect(parsePeriodSearch({ days: 7 }, LONG)).toEqual({})
    expect(chosenDays({}, LONG)).toBe(WHOLE)
    expect(resolvePeriod({ days: 90 }, '2026-11-21', LONG).from).toBe('2026-08-24')
  })

  it('may be two dates', () => {
    const search = parsePeriodSearch({ from: '2026-01-01', to: '2026-01-31', days: 7 })
    expect(search).toEqual({ from: '2026-01-01', to: '2026-01-31' })
    expect(chosenDays(search)).toBeNull()
  })

  it.each([
    { from: '2026-02-01', to: '2026-01-01' },
    { from: 'yesterday', to: '2026-01-01' },
    { from: '1999-01-01', to: '2026-01-01' },
    { days: 13 },
  ])('falls back when it makes no sense: %o', (search) => {
    expect(parsePeriodSearch(search)).toEqual({})
  })
})
