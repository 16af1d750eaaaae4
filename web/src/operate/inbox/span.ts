import { useEffect, useState } from 'react'
import { useT } from '@/kernel/i18n'

/** The present moment, a few times a minute. */
export const useNow = (everyMs = 15_000): number => {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

/** A span of time in its largest unit. */
export const useSpan = () => {
  const t = useT()
  return (ms: number): string => {
    const seconds = Math.max(0, Math.round(ms / 1000))
    if (seconds < 60) return t('operate.inbox.span.seconds', { count: seconds })
    if (seconds < 3600) return t('operate.inbox.span.minutes', { count: Math.floor(seconds / 60) })
    if (seconds < 48 * 3600) return t('operate.inbox.span.hours', { count: Math.floor(seconds / 3600) })
    return t('operate.inbox.span.days', { count: Math.floor(seconds / 86_400) })
  }
}
