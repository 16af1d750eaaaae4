import { describe, expect, it } from 'vitest'
import type { Action } from './queries'
import { listOf, namesOf, shareOf } from './words'

const anAction = (changes: Partial<Action>): Action => ({
  action_id: 1,
  what: 'tag',
  args: {},
  people: 100,
  done: 100,
  changed: 80,
  taken_back: 0,
  status: 'done',
  is_undoable: true,
  error: null,
  created_at: '2026-11-22T06:00:00Z',
  created_by: 'user:1',
  undone_at: null,
  undone_by: null,
  ...changes,
})

describe('what an action names', () => {
  it.each([
    [{ tags: ['VIP', '常客'] }, ['VIP', '常客']],
    [{ list_id: 3, list_name: 'Guests', new_list: null }, ['Guests']],
    [{ trait: 'city', value: 'Leeds' }, ['city']],
    [{}, []],
  ])('in %j is %j', (args, names) => {
    expect(namesOf({ args })).toEqual(names)
  })

  it('may be a list', () => {
    expect([listOf({ args: { list_id: 3 } }), listOf({ args: { tags: ['VIP'] } })]).toEqual([3, null])
  })
})

describe('how far an action has come', () => {
  it('is the share of the people gone through, and of those taken back', () => {
    expect(shareOf(anAction({ status: 'running', done: 25 }))).toBe(0.25)
    expect(shareOf(anAction({ status: 'undoing', taken_back: 60 }))).toBe(0.75)
    expect(shareOf(anAction({ status: 'running', people: 0, done: 0 }))).toBe(0)
  })
})
