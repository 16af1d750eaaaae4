import { useSyncExternalStore } from 'react'

interface Watch {
  subscribe: (notify: () => void) => () => void
  matches: () => boolean
}

const watches = new Map<string, Watch>()

/** One watch a query for the whole app: a new one at each drawing would cost more than the drawing. */
const watchOf = (query: string): Watch => {
  const known = watches.get(query)
  if (known) return known
  const media = matchMedia(query)
  const made: Watch = {
    subscribe: (notify) => {
      media.addEventListener('change', notify)
      return () => media.removeEventListener('change', notify)
    },
    matches: () => media.matches,
  }
  watches.set(query, made)
  return made
}

/** Whether a media query holds; right on the first render, so nothing jumps. */
export const useMedia = (query: string): boolean => {
  const { subscribe, matches } = watchOf(query)
  return useSyncExternalStore(subscribe, matches)
}

/** A phone, or a window as narrow as one. */
export const useNarrow = (): boolean => useMedia('(max-width: 719px)')
