import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, queryClient, unwrap } from '@/kernel/api'

/** Keys, revoked ones included. */
export const keysQuery = queryOptions({
  queryKey: ['access', 'keys'],
  queryFn: () => unwrap(api.GET('/api/keys')),
})

/** Who works in this workspace. */
export const membersQuery = queryOptions({
  queryKey: ['access', 'members'],
  queryFn: () => unwrap(api.GET('/api/members')),
})

/** What was changed, newest first. */
export const auditQuery = infiniteQueryOptions({
  queryKey: ['access', 'audit'],
  queryFn: ({ pageParam }) =>
    unwrap(api.GET('/api/audit', { params: { query: { cursor: pageParam, limit: 50 } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

/** Dated rates to the reporting currency. */
export const ratesQuery = queryOptions({
  queryKey: ['access', 'rates'],
  queryFn: () => unwrap(api.GET('/api/currency-rates')),
})

/** Ask again for everything on the settings pages. */
export const refreshAccess = () => queryClient.invalidateQueries({ queryKey: ['access'] })
