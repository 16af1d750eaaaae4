import type { DraftGroup } from './draft'
import { type Edit, edited } from './edit'

const TYPING_MS = 1_200
const MOST_STEPS = 200

/** A draft with what it was before, and what was undone. */
export interface History {
  past: DraftGroup[]
  now: DraftGroup
  future: DraftGroup[]
  /** What was edited last and when, so that a word typed is one step and not five. */
  last: { id: number; at: number } | null
}

export type HistoryAction =
  | { type: 'edit'; edit: Edit; at: number }
  | { type: 'undo' }
  | { type: 'redo' }
  | { type: 'load'; draft: DraftGroup }

export const newHistory = (draft: DraftGroup): History => ({ past: [], now: draft, future: [], last: null })

const afterEdit = (history: History, edit: Edit, at: number): History => {
  const next = edited(history.now, edit)
  if (next === history.now) return history
  const { last } = history
  const isTyping = edit.type === 'leaf' && last?.id === edit.id && at - last.at < TYPING_MS
  return {
    past: isTyping ? history.past : [...history.past, history.now].slice(-MOST_STEPS),
    now: next,
    future: [],
    last: edit.type === 'leaf' ? { id: edit.id, at } : null,
  }
}

export const historyReducer = (history: History, action: HistoryAction): History => {
  const { past, now, future } = history
  switch (action.type) {
    case 'edit':
      return afterEdit(history, action.edit, action.at)
    case 'load':
      return { past: [...past, now].slice(-MOST_STEPS), now: action.draft, future: [], last: null }
    case 'undo': {
      const before = past.at(-1)
      return before ? { past: past.slice(0, -1), now: before, future: [now, ...future], last: null } : history
    }
    case 'redo': {
      const [after, ...rest] = future
      return after ? { past: [...past, now], now: after, future: rest, last: null } : history
    }
  }
}
