import { useRef } from 'react'
import { useMe } from '@/kernel/auth'
import type { Thread } from './queries'

/** Who of the colleagues answered while I was writing, if somebody did. */
export const useMeanwhile = (thread: Thread, isWriting: boolean): string | null => {
  const me = useMe()?.user.id
  const beganAt = useRef<number | null>(null)
  const last = thread.messages.at(-1)?.message_id ?? 0
  if (!isWriting) beganAt.current = null
  else beganAt.current ??= last
  const since = beganAt.current
  if (since === null) return null
  const found = thread.messages.findLast(
    ({ message_id, kind, author }) =>
      message_id > since && kind === 'out' && author.startsWith('user:') && author !== `user:${me}`,
  )
  return found ? found.author_name || found.author : null
}
