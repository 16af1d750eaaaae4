import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, queryClient, type Schemas, unwrap } from '@/kernel/api'
import type { Answer } from './extras'
import type { InboxSearch } from './search'

export type Conversation = Schemas['ConversationItem']
export type ThreadMessage = Schemas['ThreadMessage']
export type Thread = Schemas['ConversationThread']
export type Canned = Schemas['Canned']
export type Agent = Schemas['InboxAgent']
export type Right = Schemas['SpeakingRight']
export type Attachment = Schemas['Attachment']
export type Product = Schemas['Product']
export type Order = Schemas['OrderOut']
export type Team = Schemas['InboxTeam']
export type Setup = Schemas['InboxSetup']
export type Policy = Schemas['NewServicePolicy']
export type Drafting = Schemas['Drafting']
export type ReportRow = Schemas['InboxReportRow']

/** A coupon as an agent hands it out. */
export interface Coupon {
  code: string
  title?: string
  terms?: string
  url?: string
}

const PAGE = 50
const ON_ITS_WAY = new Set(['waiting', 'claimed', 'sending'])

export const listKey = (search: InboxSearch) => {
  const { view = 'all', state = 'open', sort = 'newest', tag } = search
  return ['inbox', 'list', { view, state, sort, tag }] as const
}

/** Conversations of a view, page by page. */
export const conversationsQuery = (search: InboxSearch) =>
  infiniteQueryOptions({
    queryKey: listKey(search),
    queryFn: ({ pageParam, signal }) => {
      const [, , asked] = listKey(search)
      return unwrap(
        api.GET('/api/conversations', {
          params: { query: { ...asked, limit: PAGE, cursor: pageParam } },
          signal,
        }),
      )
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: 60_000,
  })

/** How many wait in each view. */
export const countsQuery = queryOptions({
  queryKey: ['inbox', 'counts'],
  queryFn: () => unwrap(api.GET('/api/conversations/counts')),
  staleTime: 10_000,
})

const at = (id: number) => ({ path: { conversation_id: id } })

/** A conversation with its messages; those that were loaded before stay. */
export const threadQuery = (id: number) =>
  queryOptions({
    queryKey: ['inbox', 'thread', id],
    queryFn: async ({ signal, client }): Promise<Thread> => {
      const found = await unwrap(api.GET('/api/conversations/{conversation_id}', { params: at(id), signal }))
      const known = client.getQueryData<Thread>(['inbox', 'thread', id])
      const first = found.messages[0]?.message_id ?? 0
      const older = known?.messages.filter(({ message_id }) => message_id < first) ?? []
      const isJoined = older.length > 0 && found.has_more
      return isJoined
        ? { ...found, messages: [...older, ...found.messages], has_more: known?.has_more ?? false }
        : found
    },
    refetchInterval: ({ state: { data } }) =>
      data?.messages.some(({ state }) => state && ON_ITS_WAY.has(state)) ? 1500 : false,
    staleTime: 5_000,
  })

/** Put the messages before the first one into what is known of a conversation. */
export const loadOlder = async (id: number) => {
  const { queryKey } = threadQuery(id)
  const known = queryClient.getQueryData<Thread>(queryKey)
  const before = known?.messages[0]?.message_id
  if (before === undefined) return
  const { items, has_more } = await unwrap(
    api.GET('/api/conversations/{conversation_id}/messages', {
      params: { ...at(id), query: { before_id: before } },
    }),
  )
  queryClient.setQueryData<Thread>(queryKey, (thread) =>
    thread ? { ...thread, messages: [...items, ...thread.messages], has_more } : thread,
  )
}

export const searchQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['inbox', 'search', q],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/conversations/search', { params: { query: { q, before_id: pageParam } }, signal }),
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.before_id ?? undefined,
    enabled: q.length >= 2,
    retry: false,
  })

export const agentsQuery = queryOptions({
  queryKey: ['inbox', 'agents'],
  queryFn: () => unwrap(api.GET('/api/inbox/agents')),
  staleTime: 60_000,
})

export const setupQuery = queryOptions({
  queryKey: ['inbox', 'setup'],
  queryFn: () => unwrap(api.GET('/api/inbox')),
  staleTime: 60_000,
})

export const cannedQuery = queryOptions({
  queryKey: ['inbox', 'canned'],
  queryFn: () => unwrap(api.GET('/api/inbox/canned')),
  staleTime: 60_000,
})

export const sendReply = (id: number, { text, extras, subject, templateVersionId }: Answer, key: string) =>
  unwrap(
    api.POST('/api/conversations/{conversation_id}/replies', {
      params: at(id),
      body: {
        text: text || null,
        parts: templateVersionId ? [] : extras.map(({ part }) => part),
        subject: subject || null,
        template_version_id: templateVersionId ?? null,
      },
      headers: { 'Idempotency-Key': key },
    }),
  )

/** Take a file in that is to go with an answer. */
export const attach = (file: File): Promise<Attachment> =>
  unwrap(
    api.POST('/api/conversations/attachments', {
      params: { query: { name: file.name } },
      body: file as unknown as string,
      bodySerializer: (body) => body as unknown as Blob,
      headers: { 'Content-Type': 'application/octet-stream' },
    }),
  )

export const draftAnswer = async (id: number) => {
  const { text } = await unwrap(api.POST('/api/conversations/{conversation_id}/draft', { params: at(id) }))
  return text
}

export const productsQuery = (q: string) =>
  queryOptions({
    queryKey: ['inbox', 'products', q],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/products', { params: { query: { q: q || undefined } }, signal })),
    placeholderData: keepPreviousData,
  })

export const putProduct = ({ product_id, name, url, image_url, price_minor, currency }: Product) =>
  unwrap(
    api.PUT('/api/products/{product_id}', {
      params: { path: { product_id } },
      body: { name, url, image_url, price_minor, currency },
    }),
  )

export const couponsQuery = queryOptions({
  queryKey: ['inbox', 'coupons'],
  queryFn: () => unwrap(api.GET('/api/coupons')),
  staleTime: 60_000,
})

export const ordersQuery = (personId: number) =>
  queryOptions({
    queryKey: ['inbox', 'orders', personId],
    queryFn: () => unwrap(api.GET('/api/orders', { params: { query: { person_id: personId, limit: 10 } } })),
  })

export const orderQuery = (orderId: string) =>
  queryOptions({
    queryKey: ['inbox', 'order', orderId],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/orders/{order_id}', { params: { path: { order_id: orderId } }, signal })),
    enabled: orderId !== '',
    retry: false,
  })

export const templatesQuery = queryOptions({
  queryKey: ['inbox', 'templates'],
  queryFn: () => unwrap(api.GET('/api/templates', { params: { query: { is_archived: false } } })),
  staleTime: 60_000,
})

export const addNote = (id: number, text: string, mentions: number[]) =>
  unwrap(api.POST('/api/conversations/{conversation_id}/notes', { params: at(id), body: { text, mentions } }))

export type Change = Schemas['ConversationPatch']

export const changeConversation = (id: number, change: Partial<Change>) =>
  unwrap(api.PATCH('/api/conversations/{conversation_id}', { params: at(id), body: change as Change }))

export const snoozeUntil = (id: number, until: string) =>
  unwrap(api.POST('/api/conversations/{conversation_id}/snooze', { params: at(id), body: { until } }))

export const closeConversation = (id: number) =>
  unwrap(api.POST('/api/conversations/{conversation_id}/close', { params: at(id) }))

export const reopenConversation = (id: number) =>
  unwrap(api.POST('/api/conversations/{conversation_id}/reopen', { params: at(id) }))

export const changeTags = (id: number, change: { add?: string[]; remove?: string[] }) =>
  unwrap(
    api.POST('/api/conversations/{conversation_id}/tags', {
      params: at(id),
      body: { add: change.add ?? [], remove: change.remove ?? [] },
    }),
  )

/** Say that I look at a conversation, have read up to a message, and type or not. */
export const watch = (id: number, told: { seen: number; isLooking: boolean; isTyping: boolean }) =>
  unwrap(
    api.PUT('/api/conversations/{conversation_id}/watch', {
      params: at(id),
      body: { seen_message_id: told.seen, is_looking: told.isLooking, is_typing: told.isTyping },
    }),
  )

/** A saved reply as it is to be said in a conversation. */
export const wordCanned = async (cannedId: number, id: number) => {
  const { text } = await unwrap(
    api.POST('/api/inbox/canned/{canned_id}/wording', {
      params: { path: { canned_id: cannedId } },
      body: { conversation_id: id },
    }),
  )
  return text
}

export const putAway = (isAway: boolean) => unwrap(api.PUT('/api/inbox/away', { body: { is_away: isAway } }))
