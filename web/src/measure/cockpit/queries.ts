import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, type Period, unwrap } from '@/kernel/api'

// While another period is on its way the old figures stay, so that nothing jumps.
const steady = { placeholderData: keepPreviousData } as const

/** The strip above: fans, who boarded, revenue, spend. */
export const readoutsQuery = (period: Period) =>
  queryOptions({
    queryKey: ['measure', 'readouts', period],
    queryFn: () => unwrap(api.GET('/api/measure/readouts', { params: { query: period } })),
    ...steady,
  })

/** The five stages: who has come how far. */
export const stagesQuery = (period: Period) =>
  queryOptions({
    queryKey: ['measure', 'stages', period],
    queryFn: () => unwrap(api.GET('/api/measure/stages', { params: { query: period } })),
    ...steady,
  })

/** Traffic between the three domains, and links from sources to outcomes. */
export const flowsQuery = (period: Period) =>
  queryOptions({
    queryKey: ['measure', 'flows', period],
    queryFn: () => unwrap(api.GET('/api/measure/flows', { params: { query: period } })),
    ...steady,
  })

/** Spend by source with the revenue that last touch credits. */
export const attributionQuery = (period: Period) =>
  queryOptions({
    queryKey: ['measure', 'attribution', period],
    queryFn: () =>
      unwrap(api.GET('/api/measure/attribution', { params: { query: { ...period, model: 'last_touch' } } })),
    ...steady,
  })

export type Grain = 'month' | 'week'

/** Repurchase by the period of the first order. */
export const cohortsQuery = (grain: Grain) =>
  queryOptions({
    queryKey: ['measure', 'cohorts', grain],
    queryFn: () => unwrap(api.GET('/api/measure/cohorts', { params: { query: { grain } } })),
    ...steady,
  })

const MOST_SHOWN = 40

/** Who brought whom: the largest trees. */
export const referralQuery = () =>
  queryOptions({
    queryKey: ['measure', 'referral'],
    queryFn: () => unwrap(api.GET('/api/measure/referral', { params: { query: { limit: MOST_SHOWN } } })),
  })
