import { useSyncExternalStore } from 'react'
import type { Action } from './queries'

/** How many notices stand at once; the history has the others. */
const MOST = 3

let watched: readonly Action[] = []
const listeners = new Set<() => void>()

const set = (next: readonly Action[]) => {
  watched = next
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Tell of an action in a notice from now on, wherever in the app one goes. */
export const watch = (action: Action) =>
  set([...watched.filter(({ action_id: id }) => id !== action.action_id), action].slice(-MOST))

export const unwatch = (actionId: number) => set(watched.filter(({ action_id: id }) => id !== actionId))

export const useWatched = (): readonly Action[] => useSyncExternalStore(subscribe, () => watched)
