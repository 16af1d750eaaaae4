import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, queryClient, unwrap } from '@/kernel/api'
import type { PeopleSearch } from './search'

const PAGE = 200
const EVENTS = 100

/** People page by page. Pages once fetched stay as they are: asking for hundreds again would help nobody. */
export const peopleQuery = (search: PeopleSearch) =>
  infiniteQueryOptions({
    queryKey: ['people', 'list', search],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/people', {
          params: { query: { ...search, limit: PAGE, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: false,
    structuralSharing: false,
  })

/** One person, whole. */
export const personQuery = (personId: number) =>
  queryOptions({
    queryKey: ['people', 'one', personId],
    queryFn: () => unwrap(api.GET('/api/people/{person_id}', { params: { path: { person_id: personId } } })),
  })

/** What a person did, newest first. */
export const timelineQuery = (personId: number) =>
  infiniteQueryOptions({
    queryKey: ['people', 'timeline', personId],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/people/{person_id}/timeline', {
          params: { path: { person_id: personId }, query: { cursor: pageParam, limit: EVENTS } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchOnWindowFocus: false,
  })

/** How a person's identifiers hang together, and what was done about it. */
export const identityQuery = (personId: number) =>
  queryOptions({
    queryKey: ['people', 'identity', personId],
    queryFn: () =>
      unwrap(api.GET('/api/people/{person_id}/identity', { params: { path: { person_id: personId } } })),
  })

/** A few people by any identifier, to choose one from. */
export const findPeopleQuery = (q: string) =>
  queryOptions({
    queryKey: ['people', 'find', q],
    queryFn: () => unwrap(api.GET('/api/people', { params: { query: { q, limit: 8 } } })),
    enabled: q.length >= 2,
  })

/** The sources to filter by. */
export const sourcesQuery = () =>
  queryOptions({
    queryKey: ['sources'],
    queryFn: () => unwrap(api.GET('/api/sources')),
  })

/** The segments to filter by. */
export const segmentNamesQuery = () =>
  queryOptions({
    queryKey: ['segments', 'names'],
    queryFn: async () => {
      const { items } = await unwrap(api.GET('/api/segments', { params: { query: { limit: 500 } } }))
      return items.filter((each) => each.built_at !== null).map(({ segment_id: id, name }) => ({ id, name }))
    },
  })

/** Forget what is known of people after one of them changed. */
export const forgetPeople = async () => {
  queryClient.removeQueries({ queryKey: ['people', 'list'] })
  queryClient.removeQueries({ queryKey: ['people', 'find'] })
  await queryClient.invalidateQueries({ queryKey: ['people'] })
}
