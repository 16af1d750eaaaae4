import { describe, expect, it } from 'vitest'
import { linear, ticks } from './axis'

describe('an axis', () => {
  it('puts amounts where they belong', () => {
    const x = linear([-10, 30], [100, 500])
    expect([x(-10), x(0), x(30)]).toEqual([100, 200, 500])
  })

  it('holds still where all amounts are the same', () => {
    expect(linear([0, 0], [8, 90])(0)).toBe(8)
  })

  it.each([
    [0, 100, 4, [0, 25, 50, 75, 100]],
    [-350, 900, 4, [0, 500]],
    [-1200, 1900, 4, [-1000, 0, 1000]],
    [5, 5, 4, [5]],
  ])('from %i to %i has round ticks', (low, high, about, expected) => {
    expect(ticks(low, high, about)).toEqual(expected)
  })
})
