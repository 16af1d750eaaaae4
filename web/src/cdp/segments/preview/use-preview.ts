import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { previewQuery } from '../queries'
import type { Rule } from '../rule/types'

const TYPING_PAUSE_MS = 350

/** A value once it has stayed the same for a moment. */
const useSettled = <Value>(value: Value, pauseMs: number): Value => {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMs)
    return () => clearTimeout(timer)
  }, [value, pauseMs])
  return settled
}

/**
 * Who would be in, asked anew when the writer pauses. An answer to an older rule is shown as old and never replaces
 * one to a newer rule: each answer is kept under the rule it belongs to.
 */
export const usePreview = (rule: Rule, isWhole: boolean, segmentId: number | undefined) => {
  const text = JSON.stringify(rule)
  const settled = useSettled(text, TYPING_PAUSE_MS)
  const query = useQuery({
    ...previewQuery(settled, segmentId),
    enabled: isWhole && settled === text,
    placeholderData: keepPreviousData,
  })
  const isOld = query.isPlaceholderData || settled !== text || !isWhole
  return { query, isOld }
}
