import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, queryClient, type Schemas, unwrap } from '@/kernel/api'

export type Link = Schemas['LinkItem']
export type NewLink = Schemas['LinkIn']

/** Where links come from: everywhere, or made by hand. */
export type From = 'all' | 'hand'
const BY_HAND = 0

/** Tracked links, newest first. */
export const linksQuery = (q: string, from: From) =>
  infiniteQueryOptions({
    queryKey: ['links', 'list', q, from],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/links', {
          params: {
            query: {
              q: q || undefined,
              version_id: from === 'hand' ? BY_HAND : undefined,
              cursor: pageParam,
            },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor: cursor }) => cursor ?? undefined,
    placeholderData: (before) => before,
  })

/** One link, where it leads, and its last 30 days. */
export const linkQuery = (linkId: number) =>
  queryOptions({
    queryKey: ['links', 'one', linkId],
    queryFn: () => unwrap(api.GET('/api/links/{link_id}', { params: { path: { link_id: linkId } } })),
  })

export const addLink = (body: NewLink) => unwrap(api.POST('/api/links', { body }))

/** Change a link made by hand; its short address and what was counted stay. */
export const changeLink = (linkId: number, body: NewLink) =>
  unwrap(api.PATCH('/api/links/{link_id}', { params: { path: { link_id: linkId } }, body }))

export const refreshLinks = () => queryClient.invalidateQueries({ queryKey: ['links'] })
