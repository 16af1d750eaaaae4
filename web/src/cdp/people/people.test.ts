import { describe, expect, it } from 'vitest'
import type { IdentityNode, TimelineEvent } from '@/kernel/api'
import { formatDay, formatMoney, formatShare } from '@/kernel/format'
import { homesToPart } from './identity/homes'
import { placeNodes, tiesBetween } from './identity/layout'
import { nameOf } from './naming'
import { scoreText } from './portrait/score-text'
import { parsePeopleSearch } from './search'
import { groupByDay, summarize } from './timeline/summary'

const format = { decimal: (value: number) => value.toFixed(2) }

const anEvent = (changes: Partial<TimelineEvent>): TimelineEvent => ({
  event_id: 'e1',
  kind: 'track',
  name: 'Order Completed',
  occurred_at: '2026-11-20T10:00:00Z',
  source: null,
  domain: 'unknown',
  properties: {},
  context: {},
  ...changes,
})

describe('the address of the list', () => {
  it('keeps what makes sense and drops the rest', () => {
    const search = parsePeopleSearch({
      q: 138,
      stage: 'convert',
      domain: 'moon',
      fan: 'false',
      sort: 'name',
      source_id: '3',
    })
    expect(search).toEqual({ q: '138', stage: 'convert', fan: false, source_id: 3 })
  })
})

describe('what to call a person', () => {
  const identifiers = [
    { kind: 'anonymous_id', value: '8a7c' },
    { kind: 'phone', value: '+8613800138000' },
  ]

  it('is the name where there is one', () => {
    expect(nameOf({ id: 1, name: '林悦', identifiers })).toBe('林悦')
  })

  it('is else the identifier that tells most', () => {
    expect(nameOf({ id: 1, name: ' ', identifiers })).toBe('+8613800138000')
  })

  it('is nothing for who has neither', () => {
    expect(nameOf({ id: 1, name: null, identifiers: [] })).toBeNull()
  })
})

describe('the gist of an event', () => {
  it('is the amount and the goods of an order', () => {
    const properties = {
      order_id: 'O-1',
      total: 256,
      currency: 'CNY',
      products: [{ name: 'Tea' }, { name: 'Cup' }],
    }
    expect(summarize(anEvent({ properties }), format)).toBe('256.00 CNY · Tea, Cup · O-1')
  })

  it('survives properties of any shape', () => {
    expect(summarize(anEvent({ properties: { products: [null, 3], name: {}, total: '12' } }), format)).toBe(
      '',
    )
  })
})

describe('the timeline', () => {
  it('gathers events under the local day and keeps their order', () => {
    const late = anEvent({ event_id: 'late', occurred_at: '2026-11-20T23:00:00Z' })
    const early = anEvent({ event_id: 'early', occurred_at: '2026-11-20T01:00:00Z' })
    const inShanghai = (at: string) => (at === late.occurred_at ? '2026-11-21' : '2026-11-20')
    expect(groupByDay([late, early], inShanghai)).toEqual([
      ['2026-11-21', [late]],
      ['2026-11-20', [early]],
    ])
  })
})

describe('what can be parted', () => {
  it('is a home with all its identifiers, oldest first', () => {
    const node = (home_id: number, value: string, day: number): IdentityNode => ({
      home_id,
      kind: 'email',
      value,
      first_seen_at: `2026-11-0${day}T00:00:00Z`,
    })
    const homes = homesToPart([node(7, 'late@x', 5), node(3, 'b@x', 2), node(3, 'a@x', 1)])
    expect(homes.map(({ id, identifiers }) => [id, identifiers.map(({ value }) => value)])).toEqual([
      [3, ['b@x', 'a@x']],
      [7, ['late@x']],
    ])
    expect(homes[0]?.firstSeenAt).toBe('2026-11-01T00:00:00Z')
  })
})

describe('the identity graph', () => {
  const node = (home_id: number, value: string, day: number): IdentityNode => ({
    home_id,
    kind: 'email',
    value,
    first_seen_at: `2026-11-0${day}T00:00:00Z`,
  })
  const nodes = [node(4, 'd', 4), node(2, 'b', 2), node(1, 'a', 1), node(2, 'c', 3)]

  const tie = (low_id: number, high_id: number) => ({
    low_id,
    high_id,
    origin: 'event' as const,
    is_cut: false,
    first_seen_at: '2026-11-03T00:00:00Z',
  })
  const edges = [tie(1, 2), tie(2, 4), tie(2, 9)]

  it('puts what ties most in the middle and the others at the sides', () => {
    const spots = placeNodes({ nodes, edges }, 1000)
    expect(spots.map(({ node: { value }, side }) => [value, side])).toEqual([
      ['b', 'below'],
      ['a', 'right'],
      ['d', 'right'],
      ['c', 'left'],
    ])
  })

  it('ties homes by statements, and the identifiers of one home without', () => {
    const ties = tiesBetween(placeNodes({ nodes, edges }, 1000), edges)
    expect(ties.map(({ from, to, edge }) => [from.node.value, to.node.value, edge?.origin])).toEqual([
      ['b', 'c', undefined],
      ['a', 'b', 'event'],
      ['b', 'd', 'event'],
    ])
  })

  it('of nobody is empty', () => {
    expect(placeNodes({ nodes: [], edges: [] }, 500)).toEqual([])
  })
})

describe('a score', () => {
  const writes = {
    money: (minor: number, currency: string) => formatMoney(minor, currency, 'en'),
    share: (fraction: number) => formatShare(fraction, 'en'),
    day: (day: string, options?: { withYear?: boolean }) => formatDay(day, 'en', options),
  }

  it.each([
    ['clv_12m', 128.4, 'USD', '$128.40'],
    ['clv_12m', 128, 'JPY', '¥128'],
    ['p_alive', 0.0342, 'USD', '3.4%'],
    ['next_purchase_due', '2026-12-03', 'USD', 'Dec 3, 2026'],
    ['rfm_tier', '5-4', 'USD', 'R5 · F4'],
  ] as const)('%s of %s in %s reads %s', (name, value, currency, text) => {
    expect(scoreText(name, value, currency, writes)).toBe(text)
  })

  it('of a shape nobody knows is shown as it is', () => {
    expect(scoreText('rfm_tier', 'champion', 'USD', writes)).toBe('champion')
    expect(scoreText('next_purchase_due', 'soon', 'USD', writes)).toBe('soon')
  })
})
