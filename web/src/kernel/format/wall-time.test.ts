import { describe, expect, it } from 'vitest'
import { fromWall, toWall } from './wall-time'

describe('a moment chosen on a calendar', () => {
  it.each([
    ['Asia/Shanghai', '2026-11-01T00:00:00', '2026-10-31T16:00:00.000Z'],
    ['America/New_York', '2026-07-01T09:30:00', '2026-07-01T13:30:00.000Z'],
    ['UTC', '2026-02-28T23:59:59', '2026-02-28T23:59:59.000Z'],
  ])('is one of the workspace’s time zone: %s', (zone, wall, instant) => {
    expect(fromWall(wall, zone)).toBe(instant)
    expect(toWall(instant, zone)).toBe(wall)
  })

  it('is the earlier of two when the clock is put back', () => {
    expect(fromWall('2026-10-25T02:30:00', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z')
  })

  it('is a moment even where the clock leaps over it', () => {
    expect(fromWall('2026-03-29T02:30:00', 'Europe/Berlin')).toMatch(/^2026-03-29T0[01]:30/)
  })
})
