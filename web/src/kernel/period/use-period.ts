import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import type { Period } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { GLANCE, type PeriodSearch, parsePeriodSearch, resolvePeriod } from './period'

/** The page's period, kept in its address, so that a link shows what its sender saw. */
export const usePeriod = (choice = GLANCE): [Period, PeriodSearch, (search: PeriodSearch) => void] => {
  const raw = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  const today = useFormats().today()
  const search = useMemo(() => parsePeriodSearch(raw, choice), [raw, choice])
  const period = useMemo(() => resolvePeriod(search, today, choice), [search, today, choice])
  const choose = useCallback(
    (next: PeriodSearch) => {
      const kept = parsePeriodSearch({ ...next }, choice)
      void navigate({
        to: '.',
        search: (before: Record<string, unknown>) => ({
          ...before,
          days: undefined,
          from: undefined,
          to: undefined,
          ...kept,
        }),
        replace: true,
      })
    },
    [navigate, choice],
  )
  return [period, search, choose]
}
