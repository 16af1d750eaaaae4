import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, queryClient, unwrap } from '@/kernel/api'
import type { PeopleSearch } from './search'

const EVENTS = 100

/** Under what the people from a place on are kept. */
export const peopleKey = (search: PeopleSearch, skip: number) => ['people', 'list', search, skip] as const

/** Some of the people that match, from a place in the list on. */
export const peoplePageQuery = (search: PeopleSearch, skip: number, limit: number) =>
  queryOptions({
    queryKey: peopleKey(search, skip),
    queryFn: ({ signal, client }) => {
      // The total that was counted for the first page travels in its cursor, and is not counted again.
      const first =
        skip > 0 ? client.getQueryData<{ next_cursor: string | null }>(peopleKey(search, 0)) : null
      const cursor = first?.next_cursor ?? undefined
      return unwrap(api.GET('/api/people', { params: { query: { ...search, limit, skip, cursor } }, signal }))
    },
    staleTime: 30_000,
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

/** The segments to filter by, and those still being worked out. */
export const segmentNamesQuery = () =>
  queryOptions({
    queryKey: ['segments', 'names'],
    queryFn: async () => {
      const { items } = await unwrap(api.GET('/api/segments', { params: { query: { limit: 500 } } }))
      return items
        .filter((each) => each.built_at !== null)
        .map(({ segment_id: id, name, size }) => ({ id, name, size }))
    },
  })

/** The lists to filter by whose name holds a text. */
export const listNamesQuery = (q: string) =>
  queryOptions({
    queryKey: ['lists', 'names', q],
    queryFn: async ({ signal }) => {
      const query = { q: q || undefined, limit: 50 }
      const { items } = await unwrap(api.GET('/api/lists', { params: { query }, signal }))
      return items.map(({ list_id: id, name, size }) => ({ id, name, size }))
    },
  })

/** A list by its id; one that was chosen may not be among those offered. */
export const listNameQuery = (listId: number) =>
  queryOptions({
    queryKey: ['lists', 'one', listId],
    queryFn: () => unwrap(api.GET('/api/lists/{list_id}', { params: { path: { list_id: listId } } })),
  })

/** What there is to choose from: the tags are offered to filter by. */
export const vocabularyQuery = () =>
  queryOptions({
    queryKey: ['segments', 'vocabulary'],
    queryFn: () => unwrap(api.GET('/api/segments/vocabulary')),
  })

/** Forget what is known of people after one of them changed. */
export const forgetPeople = async () => {
  queryClient.removeQueries({ queryKey: ['people', 'list'] })
  queryClient.removeQueries({ queryKey: ['people', 'find'] })
  await queryClient.invalidateQueries({ queryKey: ['people'] })
}
