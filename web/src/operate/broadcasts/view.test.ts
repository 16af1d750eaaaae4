import { describe, expect, it } from 'vitest'
import { parseBroadcastsSearch } from './search'
import type { Broadcast, Check, Progress } from './types'
import {
  changesOf,
  doneShare,
  draftOf,
  lastAtOf,
  moved,
  partsOf,
  reachedOf,
  sourceKey,
  sourceOf,
  stillWaiting,
  withKind,
} from './view'

const NOBODY: Progress = {
  audience: 0,
  released: 0,
  waiting: 0,
  sent: 0,
  skipped: 0,
  held_out: 0,
  failed: 0,
  unclear: 0,
  task: 0,
  canceled: 0,
}

const DRAFT = draftOf({
  name: 'Spring tea',
  purpose: 'marketing',
  audience: { segment_id: 3, list_id: null, without: [] },
  routes: [{ channel: 'email', account_id: 6, template_id: 2 }],
  schedule: { kind: 'now', from_hour: 9, to_hour: 21, trait: 'best_hour' },
  per_minute: null,
  experiment: null,
  holdout_share: 0.1,
  seed_list_id: null,
  expires_hours: 24,
} as unknown as Broadcast)

describe('what is saved of a draft', () => {
  it('is only what was changed', () => {
    expect(changesOf(DRAFT, DRAFT)).toBeNull()
    expect(changesOf({ ...DRAFT, per_minute: 600 }, DRAFT)).toEqual({ per_minute: 600 })
  })

  it('can take something back to nothing', () => {
    const tested = { ...DRAFT, experiment: { share: 0.2 } as Broadcast['experiment'] }
    expect(changesOf(DRAFT, tested)).toEqual({ experiment: null })
  })

  it('is never an empty name, which is on its way to another one', () => {
    expect(changesOf({ ...DRAFT, name: ' ' }, DRAFT)).toBeNull()
  })
})

describe('the progress of a broadcast', () => {
  const half: Progress = {
    ...NOBODY,
    audience: 200,
    released: 120,
    waiting: 20,
    sent: 70,
    skipped: 20,
    held_out: 10,
  }

  it('puts everybody somewhere, those whose turn has not come last', () => {
    const parts = partsOf(half)
    expect(parts.map(({ name }) => name)).toEqual(['sent', 'waiting', 'held_out', 'skipped', 'unreleased'])
    expect(parts.reduce((sum, { people }) => sum + people, 0)).toBe(200)
    expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
  })

  it('counts as done whom nothing more happens to', () => {
    expect(doneShare(half)).toBe(0.5)
    expect(doneShare(NOBODY)).toBe(0)
  })

  it('says how many a stop keeps from it, released or not', () => {
    expect(stillWaiting(half, 200)).toBe(100)
    expect(stillWaiting(null, 200)).toBe(200)
  })
})

describe('the forecast', () => {
  const audience = {
    people: 249,
    held_out: 36,
    by_route: [
      { channel: 'email', people: 81, why_not: {} },
      { channel: 'wecom', people: 95, why_not: {} },
    ],
    unreachable: 73,
    is_estimate: false,
    first_at: '2030-05-01T02:00:00Z',
    last_at: '2030-05-01T02:00:20Z',
  } satisfies Check['audience']

  it('counts whom any way reaches, without those who are held back', () => {
    expect(reachedOf(audience)).toBe(140)
  })

  it('names the time of the last one only where that is not at once', () => {
    const now = new Date('2030-05-01T02:00:00Z')
    expect(lastAtOf(audience, now)).toBeNull()
    expect(lastAtOf({ ...audience, last_at: '2030-05-01T03:00:00Z' }, now)).toBe('2030-05-01T03:00:00Z')
    expect(lastAtOf({ ...audience, last_at: null }, now)).toBeNull()
  })
})

describe('what is chosen', () => {
  it('tells a segment from a list of the same number', () => {
    expect(sourceOf(sourceKey({ segment_id: 7, list_id: null }))).toEqual({ segment_id: 7 })
    expect(sourceOf(sourceKey({ segment_id: null, list_id: 7 }))).toEqual({ list_id: 7 })
  })

  it('forgets the time of another kind of schedule: an instant is no wall time', () => {
    const at = { kind: 'at', at: '2030-05-01T02:00:00Z', from_hour: 9, to_hour: 21 } as Broadcast['schedule']
    expect(withKind(at, 'local')).toMatchObject({ kind: 'local', at: null })
  })

  it('moves one way past another', () => {
    expect(moved(['email', 'sms', 'wecom'], 2, 0)).toEqual(['wecom', 'email', 'sms'])
  })

  it('is read from an address only where it makes sense', () => {
    expect(parseBroadcastsSearch({ state: 'running', q: 11 })).toEqual({ state: 'running', q: '11' })
    expect(parseBroadcastsSearch({ state: 'flying', q: '' })).toEqual({ state: undefined, q: undefined })
  })
})
