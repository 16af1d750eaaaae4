import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, type Period, queryClient, unwrap } from '@/kernel/api'
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

/** Every geo test, the newest first. */
export const geoTestsQuery = queryOptions({
  queryKey: ['measure', 'geo-tests'],
  queryFn: () => unwrap(api.GET('/api/measure/geo-tests')),
})

/** Where people live, by a trait. */
export const regionsQuery = (trait: string) =>
  queryOptions({
    queryKey: ['measure', 'geo-tests', 'regions', trait],
    queryFn: () => unwrap(api.GET('/api/measure/geo-tests/regions', { params: { query: { trait } } })),
    enabled: trait !== '',
  })

/** Ask for geo tests and for what they prove once more. */
export const refreshGeoTests = () => queryClient.invalidateQueries({ queryKey: ['measure'] })
