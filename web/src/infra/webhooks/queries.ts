import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, queryClient, type Schemas, unwrap } from '@/kernel/api'

export type Webhook = Schemas['Webhook']
export type Message = Schemas['Message']
export type NewWebhook = Schemas['NewWebhook']

const PAGE = 50
const SOON_MS = 1_500
const LATER_MS = 15_000
const PING_LOOK_MS = 400
const PING_LOOKS = 45

/** Every webhook, newest first. */
export const webhooksQuery = queryOptions({
  queryKey: ['webhooks', 'list'],
  queryFn: () => unwrap(api.GET('/api/webhooks')),
})

const fetchMessages = (webhookId: number, cursor: string | undefined, limit: number) =>
  unwrap(
    api.GET('/api/webhooks/{webhook_id}/messages', {
      params: { path: { webhook_id: webhookId }, query: { cursor, limit } },
    }),
  )

const isAboutToGo = ({ state, attempts }: Message) => state === 'waiting' && attempts === 0

/** What a webhook was told, newest first; asked again soon while something is about to be sent. */
export const messagesQuery = (webhookId: number) =>
  infiniteQueryOptions({
    queryKey: ['webhooks', 'messages', webhookId],
    queryFn: ({ pageParam }) => fetchMessages(webhookId, pageParam, PAGE),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: ({ state }) => (state.data?.pages[0]?.items.some(isAboutToGo) ? SOON_MS : LATER_MS),
  })

/** The segments of which a webhook can be told. */
export const segmentOptionsQuery = queryOptions({
  queryKey: ['segments', 'options'],
  queryFn: async () => {
    const { items } = await unwrap(api.GET('/api/segments', { params: { query: { limit: 500 } } }))
    return items.map(({ segment_id: value, name: label }) => ({ value, label }))
  },
})

const at = (webhookId: number) => ({ path: { webhook_id: webhookId } })

export const addWebhook = (body: NewWebhook) => unwrap(api.POST('/api/webhooks', { body }))

export const changeWebhook = (webhookId: number, body: Schemas['WebhookPatch']) =>
  unwrap(api.PATCH('/api/webhooks/{webhook_id}', { params: at(webhookId), body }))

export const deleteWebhook = (webhookId: number) =>
  unwrap(api.DELETE('/api/webhooks/{webhook_id}', { params: at(webhookId) }))

/** Sign with another secret from now on. */
export const renewSecret = (webhookId: number) =>
  unwrap(api.POST('/api/webhooks/{webhook_id}/secret', { params: at(webhookId) }))

export const retryMessage = (webhookId: number, messageId: number) =>
  unwrap(
    api.POST('/api/webhooks/{webhook_id}/messages/{message_id}/retry', {
      params: { path: { webhook_id: webhookId, message_id: messageId } },
    }),
  )

/** Send a ping, and what came of it; nothing came yet if it is still waiting. */
export const ping = async (webhookId: number): Promise<Message> => {
  let message = await unwrap(api.POST('/api/webhooks/{webhook_id}/ping', { params: at(webhookId) }))
  for (let look = 0; look < PING_LOOKS && message.state === 'waiting'; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, PING_LOOK_MS))
    const { items } = await fetchMessages(webhookId, undefined, PAGE)
    message = items.find(({ message_id: id }) => id === message.message_id) ?? message
  }
  return message
}

/** Ask again for everything about webhooks after one changed. */
export const refreshWebhooks = () => queryClient.invalidateQueries({ queryKey: ['webhooks'] })
