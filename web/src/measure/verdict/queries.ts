import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, type Period, unwrap } from '@/kernel/api'
import type { Locale } from '@/kernel/i18n'
import type { Grouping } from './search'

/**
 * What every channel caused, with its evidence; without a period since the first holdout.
 * While another split is on its way the old one stays.
 */
export const verdictQuery = (period: Period | null, by: Grouping) =>
  queryOptions({
    queryKey: ['measure', 'verdict', period, by],
    queryFn: () => unwrap(api.GET('/api/measure/verdict', { params: { query: { ...period, by } } })),
    placeholderData: keepPreviousData,
  })

/** Where the report for the printer is. */
export const reportAddress = (period: Period | null, locale: Locale): string =>
  `/api/measure/verdict/report?${new URLSearchParams({ ...period, locale })}`
