import { queryOptions } from '@tanstack/react-query'
import { api, type Period, type Schemas, unwrap } from '@/kernel/api'
import { addDays, fromWall } from '@/kernel/format'

export type Row = Schemas['InboxReportRow']
export type Grouping = 'none' | 'agent' | 'team' | 'channel' | 'day'

/** The moments between which the days of a period lie, where the brand is. */
const between = ({ from, to }: Period, timeZone: string) => ({
  since: new Date(fromWall(`${from}T00:00:00`, timeZone)).toISOString(),
  until: new Date(fromWall(`${addDays(to, 1)}T00:00:00`, timeZone)).toISOString(),
})

export const reportQuery = (groupBy: Grouping, period: Period, timeZone: string) =>
  queryOptions({
    queryKey: ['inbox', 'report', groupBy, period, timeZone],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/inbox/report', {
          params: { query: { group_by: groupBy, ...between(period, timeZone) } },
          signal,
        }),
      ),
  })

export const ratingsQuery = (period: Period, timeZone: string) =>
  queryOptions({
    queryKey: ['inbox', 'ratings', period, timeZone],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/inbox/ratings', { params: { query: between(period, timeZone) }, signal })),
  })
