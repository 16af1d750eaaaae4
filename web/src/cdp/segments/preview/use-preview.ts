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
 * Who would be in, asked anew when the writer pauses; where that takes long a guess comes first. An answer to an older rule is shown as old and never replaces
 * one to a newer rule: each answer is kept under the rule it belongs to.
 */
export const usePreview = (rule: Rule, isWhole: boolean, segmentId: number | undefined) => {
  const text = JSON.stringify(rule)
  const settled = useSettled(text, TYPING_PAUSE_MS)
  const isSettled = isWhole && settled === text
  const first = useQuery({
    ...previewQuery(settled, segmentId, true),
    enabled: isSettled,
    placeholderData: keepPreviousData,
  })
  const isGuess = !first.isPlaceholderData && first.data?.is_guess === true
  const exact = useQuery({ ...previewQuery(settled, segmentId, false), enabled: isSettled && isGuess })
  const query = isGuess && (exact.data || exact.error) ? exact : first
  return { query, isOld: first.isPlaceholderData || !isSettled, rule: settled, segmentId }
}
