import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, queryClient, unwrap } from '@/kernel/api'

const EVERY_SECONDS = 5
const LIVE_SECONDS = 2
const REFUSED = 50

/** Counters of the last minutes, fresh every few seconds. */
export const statsQuery = (minutes: number) =>
  queryOptions({
    queryKey: ['ingest', 'stats', minutes],
    queryFn: () => unwrap(api.GET('/api/ingest/stats', { params: { query: { minutes } } })),
    refetchInterval: EVERY_SECONDS * 1000,
    placeholderData: (before) => before,
  })

/** The newest events; asks again and again until paused. */
export const liveQuery = (isPaused: boolean) =>
  queryOptions({
    queryKey: ['ingest', 'live'],
    queryFn: () => unwrap(api.GET('/api/ingest/live', { params: { query: { limit: 50 } } })),
    refetchInterval: isPaused ? false : LIVE_SECONDS * 1000,
    staleTime: 0,
    enabled: !isPaused,
  })

/** Refused events, newest first, page by page. */
export const refusedQuery = (waiting: boolean) =>
  infiniteQueryOptions({
    queryKey: ['ingest', 'refused', waiting],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/ingest/rejected', {
          params: { query: { waiting, limit: REFUSED, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: 10_000,
  })

/** Ask again for counters and refused events after something was replayed. */
export const refreshIngest = () => queryClient.invalidateQueries({ queryKey: ['ingest'] })
