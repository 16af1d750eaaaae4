import { describe, expect, it } from 'vitest'
import { belongs, merged } from './live'
import { type Conversation, listKey } from './queries'
import { parseInboxSearch } from './search'

const item = (id: number, more: Partial<Conversation> = {}): Conversation => ({
  conversation_id: id,
  account_id: 1,
  channel: 'webchat',
  state: 'open',
  name: `Fan ${id}`,
  known_as: '',
  person_id: id,
  assignee_id: null,
  assignee_name: null,
  team_id: null,
  team_name: null,
  priority: 0,
  round: 1,
  opened_at: '2026-11-02T12:00:00Z',
  answered_at: null,
  waiting_since: null,
  last_at: `2026-11-02T12:0${id}:00Z`,
  last_in_at: null,
  last_message_id: 10 * id,
  last_kind: 'in',
  preview: '',
  due_at: null,
  due_for: '',
  snoozed_until: null,
  closed_at: null,
  tags: [],
  seen_message_id: 0,
  is_unread: true,
  watchers: [],
  ...more,
})

const asked = (search: Parameters<typeof listKey>[0]) => listKey(search)[2]
const ids = (pages: { items: Conversation[] }[]) =>
  pages.map(({ items }) => items.map(({ conversation_id: id }) => id))

describe('the inbox as it changes', () => {
  it('brings what was said last to the top, and takes it from where it was', () => {
    const pages = [{ items: [item(3), item(2)] }, { items: [item(1)] }]

    const now = merged(pages, [item(1, { last_at: '2026-11-02T12:09:00Z' })], asked({}), 7)

    expect(ids(now)).toEqual([[1, 3, 2], []])
  })

  it('takes out what does not belong any more, and adds nothing that never did', () => {
    const pages = [{ items: [item(3), item(2)] }]

    const now = merged(
      pages,
      [item(2, { state: 'closed' }), item(9, { state: 'snoozed' })],
      asked({ state: 'open' }),
      7,
    )

    expect(ids(now)).toEqual([[3]])
  })

  it('keeps what I have read as read', () => {
    const pages = [{ items: [item(3, { seen_message_id: 30, is_unread: false })] }]

    const [page] = merged(pages, [item(3)], asked({}), 7)

    expect(page?.items[0]?.is_unread).toBe(false)
  })

  it('knows whose a conversation is, and leaves to the server what it cannot know', () => {
    expect(belongs(item(1, { assignee_id: 7 }), asked({ view: 'mine' }), 7)).toBe(true)
    expect(belongs(item(1, { assignee_id: 8 }), asked({ view: 'mine' }), 7)).toBe(false)
    expect(belongs(item(1), asked({ view: 'unassigned' }), 7)).toBe(true)
    expect(belongs(item(1, { tags: ['vip'] }), asked({ tag: 'vip' }), 7)).toBe(true)
    expect(belongs(item(1), asked({ tag: 'vip' }), 7)).toBe(false)
    expect(belongs(item(1), asked({ view: 'mentioned' }), 7)).toBe(null)
  })
})

describe('the address of the inbox', () => {
  it('keeps what it knows and drops the rest', () => {
    expect(parseInboxSearch({ view: 'mine', state: 'gone', c: 5, x: 1 })).toEqual({ view: 'mine', c: 5 })
  })
})
