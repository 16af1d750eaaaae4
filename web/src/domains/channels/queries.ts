import { queryOptions } from '@tanstack/react-query'
import { api, queryClient, type Schemas, unwrap } from '@/kernel/api'

export type Kind = Schemas['KindOut']
export type Account = Schemas['AccountOut']
export type Field = Kind['fields'][number]
export type Values = Record<string, string | null>

/** Kinds of channels that are installed. */
export const kindsQuery = queryOptions({
  queryKey: ['channels', 'kinds'],
  queryFn: async () => (await unwrap(api.GET('/api/channels'))).items,
  staleTime: Number.POSITIVE_INFINITY,
})

/** Accounts by channel and name. */
export const accountsQuery = queryOptions({
  queryKey: ['channels', 'accounts'],
  queryFn: async () => (await unwrap(api.GET('/api/channels/accounts'))).items,
})

/** What came in and could not be handled, newest first. */
export const failedQuery = queryOptions({
  queryKey: ['channels', 'failed'],
  queryFn: async () =>
    (await unwrap(api.GET('/api/channels/inbound', { params: { query: { limit: 50 } } }))).items,
})

const at = (accountId: number) => ({ path: { account_id: accountId } })

export const addAccount = (body: { channel: string; name: string; values: Values }) =>
  unwrap(api.POST('/api/channels/accounts', { body }))

export const changeAccount = (accountId: number, body: { name: string; values: Values }) =>
  unwrap(api.PATCH('/api/channels/accounts/{account_id}', { params: at(accountId), body }))

export const deleteAccount = (accountId: number) =>
  unwrap(api.DELETE('/api/channels/accounts/{account_id}', { params: at(accountId) }))

/** Ask the platform whether an account works. */
export const checkAccount = (accountId: number) =>
  unwrap(api.POST('/api/channels/accounts/{account_id}/check', { params: at(accountId) }))

/** Let nothing go out through an account, or let it again. */
export const switchAccount = (accountId: number, isActive: boolean) =>
  unwrap(
    isActive
      ? api.POST('/api/channels/accounts/{account_id}/resume', { params: at(accountId) })
      : api.POST('/api/channels/accounts/{account_id}/pause', { params: at(accountId) }),
  )

export const retryInbound = (inboundId: number) =>
  unwrap(
    api.POST('/api/channels/inbound/{inbound_id}/retry', { params: { path: { inbound_id: inboundId } } }),
  )

/** Ask again for everything about channels after something changed. */
export const refreshChannels = () => queryClient.invalidateQueries({ queryKey: ['channels'] })
