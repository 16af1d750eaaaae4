import { useSyncExternalStore } from 'react'

const subscribe = (query: string) => (notify: () => void) => {
  const media = matchMedia(query)
  media.addEventListener('change', notify)
  return () => media.removeEventListener('change', notify)
}

/** Whether a media query holds; right on the first render, so nothing jumps. */
export const useMedia = (query: string): boolean =>
  useSyncExternalStore(subscribe(query), () => matchMedia(query).matches)

/** A phone, or a window as narrow as one. */
export const useNarrow = (): boolean => useMedia('(max-width: 719px)')
