import { describe, expect, it } from 'vitest'
import { slotMinutes, toSlots } from './slots'

const at = (time: string) => `2026-03-01T${time}:00Z`
const count = (minute: string, accepted: number, rejected = 0) => ({
  minute: at(minute),
  accepted,
  rejected,
  duplicate: 0,
})

describe('bars over time', () => {
  it('are sixty at most', () => {
    expect([15, 60, 1440, 10080].map(slotMinutes)).toEqual([1, 1, 24, 168])
  })

  it('cover the span up to now, empty minutes included', () => {
    const slots = toSlots([count('11:58', 3), count('12:00', 5, 1)], 15, Date.parse(at('12:00')) + 30_000)
    expect(slots).toHaveLength(15)
    expect(slots.at(-1)).toEqual({ from: Date.parse(at('12:00')), accepted: 5, rejected: 1, duplicate: 0 })
    expect(slots.at(-2)?.accepted).toBe(0)
    expect(slots.at(-3)?.accepted).toBe(3)
  })

  it('lose no count when minutes are gathered', () => {
    const series = Array.from({ length: 60 }, (_, index) =>
      count(`10:${String(index).padStart(2, '0')}`, index),
    )
    const slots = toSlots(series, 1440, Date.parse(at('12:00')))
    expect(slots.reduce((sum, { accepted }) => sum + accepted, 0)).toBe((59 * 60) / 2)
  })

  it('leave out what came before the span', () => {
    const slots = toSlots([count('09:00', 7)], 15, Date.parse(at('12:00')))
    expect(slots.every(({ accepted }) => accepted === 0)).toBe(true)
  })
})
