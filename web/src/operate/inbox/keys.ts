import { useEffect, useRef } from 'react'

export type Deed = 'next' | 'previous' | 'reply' | 'note' | 'mine' | 'close' | 'snooze' | 'search' | 'help'

/** What each key does outside of a field. */
export const KEYS: Readonly<Record<string, Deed>> = {
  j: 'next',
  k: 'previous',
  r: 'reply',
  n: 'note',
  a: 'mine',
  e: 'close',
  s: 'snooze',
  '/': 'search',
  '?': 'help',
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest('input, textarea, select, [role="combobox"], [role="dialog"]') !== null)

/** Do what keys ask for, as long as nobody types. */
export const useKeys = (act: (deed: Deed) => void) => {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && isField(event.target)) (event.target as HTMLElement).blur()
      if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return
      const deed = KEYS[event.key]
      if (!deed) return
      event.preventDefault()
      latest.current(deed)
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
}
