import { useFormats } from '@/kernel/format'
import { said, useT, useWord } from '@/kernel/i18n'
import type { Issue, Schedule } from './types'

const texts = (detail: Issue['detail']): Record<string, string> =>
  Object.fromEntries(Object.entries(detail).map(([key, value]) => [key, String(value)]))

/** What is wrong, in the reader's language; what has no words of ours is said as the server says it. */
export const useIssueText = () => {
  const t = useT()
  const word = useWord()
  return ({ code, message, remedy, detail }: Issue) => {
    const key = `operate.broadcasts.issue.${code}`
    const isKnown = word('operate.broadcasts.issue', code) !== code
    if (!isKnown) return { message: said(message), remedy: said(remedy) }
    const values = texts(detail)
    const found = t(key as never, values) as string
    const help = word('operate.broadcasts.remedy', code)
    return { message: found, remedy: help === code ? '' : help }
  }
}

const clock = (hour: number | undefined) => `${String(hour ?? 0).padStart(2, '0')}:00`

/** When it goes out, as a phrase. */
export const useScheduleText = () => {
  const t = useT()
  const format = useFormats()
  return ({ kind, at, day, from_hour: from, to_hour: to }: Schedule): string => {
    switch (kind) {
      case 'at':
        return at ? format.instant(at) : t('operate.broadcasts.time.none')
      case 'local':
        return at
          ? t('operate.broadcasts.time.local', { at: at.slice(0, 16).replace('T', ' ') })
          : t('operate.broadcasts.time.none')
      case 'best_hour':
        return day
          ? t('operate.broadcasts.time.best', { day: format.day(day), from: clock(from), to: clock(to) })
          : t('operate.broadcasts.time.none')
      default:
        return t('operate.broadcasts.edit.whenKinds.now')
    }
  }
}
