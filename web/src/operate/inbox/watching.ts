import { useCallback, useEffect, useRef } from 'react'
import { noteSeen } from './live'
import { watch } from './queries'

const AGAIN_MS = 30_000
const TYPING_MS = 4_000

/** Tell colleagues that I look at a conversation and when I write in it; what is on screen counts as read. */
export const useWatching = (id: number, lastId: number, isAllowed: boolean) => {
  const typedAt = useRef(0)
  const last = useRef(lastId)
  last.current = lastId
  const tell = useCallback(
    (isTyping: boolean, isLooking = true) => {
      if (!isAllowed || document.hidden) return
      noteSeen(id, last.current)
      void watch(id, { seen: last.current, isLooking, isTyping }).catch(() => undefined)
    },
    [id, isAllowed],
  )
  useEffect(() => {
    const timer = setInterval(() => tell(Date.now() - typedAt.current < TYPING_MS), AGAIN_MS)
    return () => {
      clearInterval(timer)
      tell(false, false)
    }
  }, [tell])
  useEffect(() => {
    if (lastId > 0) tell(false)
  }, [tell, lastId])
  return useCallback(() => {
    if (Date.now() - typedAt.current < TYPING_MS) return
    typedAt.current = Date.now()
    tell(true)
  }, [tell])
}
