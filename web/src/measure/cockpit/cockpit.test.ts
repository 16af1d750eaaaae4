import { describe, expect, it } from 'vitest'
import type { ReferralNode } from '@/kernel/api'
import { peoplePerSeat, SEATS, seatFills } from './aeroplane/seats'
import { countLeaves, growTrees, leftOf } from './referral-tree'
import { snippet } from './snippets'

const sum = (values: number[]) => values.reduce((total, each) => total + each, 0)

describe('the seats', () => {
  it('are all taken in the first cabin', () => {
    const perSeat = peoplePerSeat(30_412)
    expect(sum(seatFills(30_412, perSeat))).toBeCloseTo(SEATS)
  })

  it('are taken in proportion, the last one in part', () => {
    const fills = seatFills(250, peoplePerSeat(4000))
    // 4,000 people on 40 seats: 100 a seat, so 250 people take two and a half.
    expect(fills.slice(0, 4)).toEqual([1, 1, 0.5, 0])
  })

  it('stand for one person at least', () => {
    expect(peoplePerSeat(3)).toBe(1)
    expect(sum(seatFills(3, peoplePerSeat(3)))).toBe(3)
  })
})

describe('the referral trees', () => {
  const node = (person_id: number, parent_id: number | null): ReferralNode => ({
    person_id,
    parent_id,
    name: '',
    orders: 0,
    brought: 0,
  })

  it('grow from a flat list in any order', () => {
    const roots = growTrees([node(3, 2), node(1, null), node(2, 1), node(4, 1)])
    expect(roots.map((root) => root.node.person_id)).toEqual([1])
    expect(countLeaves(roots)).toBe(2)
  })

  it('start anew where the parent was cut off', () => {
    const roots = growTrees([node(5, 99), node(6, 5), node(7, 7)])
    expect(roots.map((root) => root.node.person_id)).toEqual([5, 7])
  })

  it('leave room for the first names', () => {
    const roots = growTrees([node(1, null), node(2, 1), node(3, 2)])
    const left = leftOf(roots, 1000, 130)
    // Three layers right of the undrawn root share the width between left and the right margin.
    expect(left + (1000 - left - 130) / 3).toBeCloseTo(130)
  })
})

describe('the first example', () => {
  it.each(['curl', 'browser', 'python'] as const)('in %s names this server', (kind) => {
    expect(snippet(kind, 'https://fanwheel.example')).toContain('fanwheel.example')
  })
})
