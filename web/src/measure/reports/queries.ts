import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, type Period, unwrap } from '@/kernel/api'

// While another question is on its way the old answer stays, so that nothing jumps.
const steady = { placeholderData: keepPreviousData } as const

/** The names of events that have occurred, for pickers. */
export const eventNamesQuery = () =>
  queryOptions({
    queryKey: ['measure', 'events'],
    queryFn: () => unwrap(api.GET('/api/measure/events')),
  })

/** How many people went through the events in their order. */
export const funnelQuery = (steps: readonly string[], windowDays: number, period: Period) =>
  queryOptions({
    queryKey: ['measure', 'funnel', steps, windowDays, period],
    queryFn: () =>
      unwrap(
        api.GET('/api/measure/funnel', {
          params: { query: { step: [...steps], window_days: windowDays, ...period } },
        }),
      ),
    ...steady,
  })

/** Buyers by how lately and how often they bought. */
export const rfmQuery = () =>
  queryOptions({
    queryKey: ['measure', 'rfm'],
    queryFn: () => unwrap(api.GET('/api/measure/rfm')),
  })

/** What customers are expected to bring. */
export const clvQuery = () =>
  queryOptions({
    queryKey: ['measure', 'clv'],
    queryFn: () => unwrap(api.GET('/api/measure/clv')),
  })

/** The most frequent ways of buyers through the channels. */
export const pathsQuery = (limit: number, lookbackDays: number) =>
  queryOptions({
    queryKey: ['measure', 'paths', limit, lookbackDays],
    queryFn: () =>
      unwrap(api.GET('/api/measure/paths', { params: { query: { limit, lookback_days: lookbackDays } } })),
    ...steady,
  })

/** Repurchase by the month of the first order. */
export const monthlyCohortsQuery = () =>
  queryOptions({
    queryKey: ['measure', 'cohorts', 'month'],
    queryFn: () => unwrap(api.GET('/api/measure/cohorts', { params: { query: { grain: 'month' } } })),
  })
