import { useCallback, useEffect, useRef, useState } from 'react'
import { queryClient } from '@/kernel/api'
import { broadcastQuery, saveBroadcast } from '../queries'
import type { Broadcast, Draft } from '../types'
import { changesOf, draftOf } from '../view'

const PAUSE_MS = 600

/** What every part of the editor is given. */
export interface PartProps {
  draft: Draft
  put: (changes: Partial<Draft>) => void
}

export interface Writing extends PartProps {
  isDirty: boolean
  isSaving: boolean
  error: unknown
  /** Save what is not saved yet; the version that then stands. Throws where it was refused. */
  flush: () => Promise<number>
}

/** A draft that saves itself a moment after the last change, one request at a time. */
export const useDraft = (broadcast: Broadcast): Writing => {
  const { broadcast_id: id } = broadcast
  const [draft, setDraft] = useState(() => draftOf(broadcast))
  const [isSaving, setIsSaving] = useState(false)
  const [error, setError] = useState<unknown>(null)
  // Compared with what was sent, not with the answer: the server may write the same thing in another way.
  const base = useRef(draft)
  const version = useRef(broadcast.version)
  const latest = useRef(draft)
  const queue = useRef(Promise.resolve())

  const send = useCallback(async () => {
    const sent = latest.current
    const changes = changesOf(sent, base.current)
    if (!changes) return
    setIsSaving(true)
    try {
      const saved = await saveBroadcast(id, { ...changes, version: version.current })
      base.current = sent
      version.current = saved.version
      setError(null)
      queryClient.setQueryData(broadcastQuery(id).queryKey, saved)
      void queryClient.invalidateQueries({ queryKey: ['broadcasts', 'list'] })
    } catch (refused) {
      setError(refused)
      throw refused
    } finally {
      setIsSaving(false)
    }
  }, [id])

  const flush = useCallback(async () => {
    const turn = queue.current.then(send)
    queue.current = turn.catch(() => undefined)
    await turn
    return version.current
  }, [send])

  useEffect(() => {
    if (!changesOf(draft, base.current)) return undefined
    const timer = setTimeout(() => void flush().catch(() => undefined), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [draft, flush])

  useEffect(() => () => void flush().catch(() => undefined), [flush])

  const put = (changes: Partial<Draft>) => {
    latest.current = { ...latest.current, ...changes }
    setDraft(latest.current)
  }
  return { draft, put, isDirty: changesOf(draft, base.current) !== null, isSaving, error, flush }
}
