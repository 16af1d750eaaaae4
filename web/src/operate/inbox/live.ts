import type { InfiniteData } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { queryClient } from '@/kernel/api'
import { useMe } from '@/kernel/auth'
import { type Conversation, countsQuery, type listKey, type Thread, threadQuery } from './queries'

interface Page {
  items: Conversation[]
  next_cursor?: string | null
}

type Asked = ReturnType<typeof listKey>[2]

/** How far I have read, by conversation: what is told to everybody does not know. */
const seen = new Map<number, number>()

export const noteSeen = (id: number, messageId: number) => {
  seen.set(id, Math.max(seen.get(id) ?? 0, messageId))
}

const asISee = (item: Conversation, known: Conversation | undefined): Conversation => {
  const read = Math.max(
    item.seen_message_id,
    known?.seen_message_id ?? 0,
    seen.get(item.conversation_id) ?? 0,
  )
  return {
    ...item,
    seen_message_id: read,
    is_unread: item.last_kind === 'in' && item.last_message_id > read,
  }
}

/** Whether a conversation belongs into a list; null: only the server can say. */
export const belongs = (item: Conversation, asked: Asked, userId: number | undefined): boolean | null => {
  if (asked.view === 'mentioned' || asked.sort !== 'newest') return null
  if (item.state !== asked.state) return false
  if (asked.tag && !item.tags.includes(asked.tag)) return false
  if (asked.view === 'mine') return item.assignee_id === userId
  return asked.view !== 'unassigned' || item.assignee_id === null
}

/** A list with conversations as they are now, in its order. */
export const merged = (
  pages: Page[],
  changed: Conversation[],
  asked: Asked,
  userId: number | undefined,
): Page[] => {
  const known = new Map(pages.flatMap(({ items }) => items).map((item) => [item.conversation_id, item]))
  const ids = new Set(changed.map(({ conversation_id }) => conversation_id))
  const incoming = changed
    .map((item) => asISee(item, known.get(item.conversation_id)))
    .filter((item) => belongs(item, asked, userId))
  const rest = pages.map((page) => ({
    ...page,
    items: page.items.filter(({ conversation_id }) => !ids.has(conversation_id)),
  }))
  const [first, ...others] = rest
  if (!first) return pages
  const items = [...incoming, ...first.items].sort(
    (one, other) => other.last_at.localeCompare(one.last_at) || other.conversation_id - one.conversation_id,
  )
  return [{ ...first, items }, ...others]
}

const take = (changed: Conversation[], userId: number | undefined) => {
  for (const [queryKey, data] of queryClient.getQueriesData<InfiniteData<Page>>({
    queryKey: ['inbox', 'list'],
  })) {
    const asked = queryKey[2] as Asked
    if (!data) continue
    if (asked.view === 'mentioned' || asked.sort !== 'newest') {
      void queryClient.invalidateQueries({ queryKey })
      continue
    }
    queryClient.setQueryData(queryKey, { ...data, pages: merged(data.pages, changed, asked, userId) })
  }
  for (const item of changed) {
    const { queryKey } = threadQuery(item.conversation_id)
    const known = queryClient.getQueryData<Thread>(queryKey)
    if (!known) continue
    queryClient.setQueryData<Thread>(queryKey, {
      ...known,
      conversation: asISee(item, known.conversation),
    })
    void queryClient.invalidateQueries({ queryKey })
  }
}

const COUNT_AFTER_MS = 2_000

/** Follow what changes in the inbox; whether the connection is lost. */
export const useLive = (): boolean => {
  const userId = useMe()?.user.id
  const [isLost, setIsLost] = useState(false)
  useEffect(() => {
    const source = new EventSource('/api/conversations/stream')
    let counting: ReturnType<typeof setTimeout> | undefined
    const count = () => {
      counting ??= setTimeout(() => {
        counting = undefined
        void queryClient.invalidateQueries({ queryKey: countsQuery.queryKey })
      }, COUNT_AFTER_MS)
    }
    source.addEventListener('changed', ({ data }) => {
      const { items } = JSON.parse(data as string) as { items: Conversation[] }
      if (items.length === 0) return
      take(items, userId)
      count()
    })
    source.addEventListener('reset', () => {
      void queryClient.invalidateQueries({ queryKey: ['inbox'] })
    })
    source.addEventListener('open', () => setIsLost(false))
    source.addEventListener('error', () => setIsLost(source.readyState !== EventSource.OPEN))
    return () => {
      clearTimeout(counting)
      source.close()
    }
  }, [userId])
  return isLost
}
