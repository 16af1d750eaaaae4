import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, queryClient, unwrap } from '@/kernel/api'
import type { Patch, Recipient, Settings, State } from './types'
import { isGoing } from './view'

const LIVE_MS = 3_000
const CALM_MS = 30_000

export interface Asked {
  state?: State
  q?: string
}

/** Broadcasts, those changed last first, page by page. */
export const broadcastsQuery = (asked: Asked) =>
  infiniteQueryOptions({
    queryKey: ['broadcasts', 'list', asked],
    queryFn: ({ pageParam, signal }) =>
      unwrap(api.GET('/api/broadcasts', { params: { query: { ...asked, cursor: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: (before) => before,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some(({ items }) => items.some(({ state }) => state === 'running')) ? LIVE_MS : CALM_MS,
  })

const at = (broadcastId: number) => ({ path: { broadcast_id: broadcastId } })

export const broadcastQuery = (id: number) =>
  queryOptions({
    queryKey: ['broadcasts', 'one', id],
    queryFn: ({ signal }) => unwrap(api.GET('/api/broadcasts/{broadcast_id}', { params: at(id), signal })),
    refetchInterval: ({ state: { data } }) => (data && isGoing(data.state) ? LIVE_MS : false),
  })

/** What is wrong with it and whom it would reach, as of one version. */
export const checkQuery = (id: number, version: number) =>
  queryOptions({
    queryKey: ['broadcasts', 'check', id, version],
    queryFn: ({ signal }) =>
      unwrap(api.POST('/api/broadcasts/{broadcast_id}/check', { params: at(id), signal })),
    placeholderData: (before) => before,
    staleTime: 20_000,
  })

/** What came of it; live while it may still change. */
export const reportQuery = (id: number, state: State) =>
  queryOptions({
    queryKey: ['broadcasts', 'report', id],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/broadcasts/{broadcast_id}/report', { params: at(id), signal })),
    refetchInterval: state === 'running' ? LIVE_MS : CALM_MS,
  })

export interface PeopleAsked {
  state?: Recipient['state']
  rule?: string
  variant?: string
}

/** The people behind a figure. */
export const peopleQuery = (id: number, asked: PeopleAsked) =>
  infiniteQueryOptions({
    queryKey: ['broadcasts', 'people', id, asked],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/broadcasts/{broadcast_id}/people', {
          params: { ...at(id), query: { ...asked, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor: next }) => next ?? undefined,
  })

/** What it has caused within some days, against those who were held back. */
export const liftQuery = (id: number, days: number) =>
  queryOptions({
    queryKey: ['broadcasts', 'lift', id, days],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/measure/broadcasts/{broadcast_id}', { params: { ...at(id), query: { days } }, signal }),
      ),
    placeholderData: (before) => before,
    staleTime: CALM_MS,
  })

export const settingsQuery = queryOptions({
  queryKey: ['broadcasts', 'settings'],
  queryFn: () => unwrap(api.GET('/api/broadcasts/settings')),
})

export const accountsQuery = queryOptions({
  queryKey: ['broadcasts', 'accounts'],
  queryFn: () => unwrap(api.GET('/api/channels/accounts')),
})

export const templatesQuery = queryOptions({
  queryKey: ['broadcasts', 'templates'],
  queryFn: () => unwrap(api.GET('/api/templates')),
})

export const templateQuery = (templateId: number) =>
  queryOptions({
    queryKey: ['broadcasts', 'template', templateId],
    queryFn: async () => {
      const params = { path: { template_id: templateId } }
      const {
        name,
        channel,
        published_id: id,
      } = await unwrap(api.GET('/api/templates/{template_id}', { params }))
      const version = { path: { version_id: id ?? 0 } }
      const { content } = await unwrap(api.GET('/api/template-versions/{version_id}', { params: version }))
      return { name, channel, content }
    },
  })

export const segmentsQuery = queryOptions({
  queryKey: ['broadcasts', 'segments'],
  queryFn: () => unwrap(api.GET('/api/segments', { params: { query: { limit: 500 } } })),
})

export const listsQuery = queryOptions({
  queryKey: ['broadcasts', 'lists'],
  queryFn: () => unwrap(api.GET('/api/lists', { params: { query: { limit: 200 } } })),
})

/** A few people by any identifier. */
export const findPeopleQuery = (q: string) =>
  queryOptions({
    queryKey: ['broadcasts', 'find', q],
    queryFn: async () => {
      const { items } = await unwrap(api.GET('/api/people', { params: { query: { q, limit: 8 } } }))
      return items.map(({ id: value, name }) => ({ value, label: name || `#${value}` }))
    },
    enabled: q.trim() !== '',
  })

export const intentQuery = (intentId: number) =>
  queryOptions({
    queryKey: ['broadcasts', 'intent', intentId],
    queryFn: () => unwrap(api.GET('/api/intents/{intent_id}', { params: { path: { intent_id: intentId } } })),
    refetchInterval: ({ state: { data } }) =>
      data && !['waiting', 'claimed', 'sending'].includes(data.state) ? false : 1_000,
  })

/** Ask for everything about broadcasts anew. */
export const refreshBroadcasts = () => queryClient.invalidateQueries({ queryKey: ['broadcasts'] })

export const addBroadcast = (name: string) => unwrap(api.POST('/api/broadcasts', { body: { name } as never }))

export const saveBroadcast = (id: number, body: Patch) =>
  unwrap(api.PATCH('/api/broadcasts/{broadcast_id}', { params: at(id), body }))

export const deleteBroadcast = (id: number) =>
  unwrap(api.DELETE('/api/broadcasts/{broadcast_id}', { params: at(id) }))

export const submitBroadcast = (id: number, version: number, note: string) =>
  unwrap(api.POST('/api/broadcasts/{broadcast_id}/submit', { params: at(id), body: { version, note } }))

export const approveBroadcast = (id: number, version: number, note: string) =>
  unwrap(api.POST('/api/broadcasts/{broadcast_id}/approve', { params: at(id), body: { version, note } }))

export const rejectBroadcast = (id: number, version: number, note: string) =>
  unwrap(api.POST('/api/broadcasts/{broadcast_id}/reject', { params: at(id), body: { version, note } }))

export const launchBroadcast = (id: number, version: number) =>
  unwrap(api.POST('/api/broadcasts/{broadcast_id}/launch', { params: at(id), body: { version } }))

export const pauseBroadcast = (id: number) =>
  unwrap(api.POST('/api/broadcasts/{broadcast_id}/pause', { params: at(id) }))

export const resumeBroadcast = (id: number) =>
  unwrap(api.POST('/api/broadcasts/{broadcast_id}/resume', { params: at(id) }))

export const cancelBroadcast = (id: number) =>
  unwrap(api.POST('/api/broadcasts/{broadcast_id}/cancel', { params: at(id) }))

export const duplicateBroadcast = (id: number) =>
  unwrap(api.POST('/api/broadcasts/{broadcast_id}/duplicate', { params: at(id), body: {} }))

export const decideBroadcast = (id: number, variant: string) =>
  unwrap(api.POST('/api/broadcasts/{broadcast_id}/decide', { params: at(id), body: { variant } }))

export const tryBroadcast = (id: number, personIds: number[]) =>
  unwrap(
    api.POST('/api/broadcasts/{broadcast_id}/test', {
      params: at(id),
      body: { person_ids: personIds, emails: [], to_seeds: false, variant: '' },
    }),
  )

export const saveSettings = (body: Settings) => unwrap(api.PUT('/api/broadcasts/settings', { body }))
