import { useCallback } from 'react'
import type { VerdictRow } from '@/kernel/api'
import { useWord } from '@/kernel/i18n'

/** Which part of its channel a row is about: a campaign or a segment, in words; null for the whole of it. */
export const usePart = () => {
  const word = useWord()
  return useCallback(
    ({ campaign, segment }: VerdictRow): string | null =>
      campaign ?? (segment === null ? null : word('measure.verdict.segment', segment)),
    [word],
  )
}
