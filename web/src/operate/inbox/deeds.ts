import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useMe } from '@/kernel/auth'
import { useNotice } from '@/kernel/ui'
import {
  type Change,
  type Conversation,
  changeConversation,
  changeTags,
  closeConversation,
  reopenConversation,
  snoozeUntil,
  type Thread,
  threadQuery,
} from './queries'

/** What can be done with a conversation; each shows at once what came of it. */
export const useDeeds = (id: number) => {
  const client = useQueryClient()
  const notice = useNotice()
  const me = useMe()
  const { mutate, isPending } = useMutation({
    mutationFn: (deed: () => Promise<Conversation>) => deed(),
    onSuccess: (conversation) => {
      const { queryKey } = threadQuery(id)
      client.setQueryData<Thread>(queryKey, (known) => (known ? { ...known, conversation } : known))
      void client.invalidateQueries({ queryKey: ['inbox', 'list'] })
      void client.invalidateQueries({ queryKey: ['inbox', 'counts'] })
      return client.invalidateQueries({ queryKey })
    },
    onError: (error) => notice.error(error.message),
  })
  return {
    isBusy: isPending,
    change: (change: Partial<Change>) => mutate(() => changeConversation(id, change)),
    takeIt: () => mutate(() => changeConversation(id, { assignee_id: me?.user.id ?? null })),
    snooze: (until: Date) => mutate(() => snoozeUntil(id, until.toISOString())),
    close: () => mutate(() => closeConversation(id)),
    reopen: () => mutate(() => reopenConversation(id)),
    tag: (change: { add?: string[]; remove?: string[] }) => mutate(() => changeTags(id, change)),
  }
}

export type Deeds = ReturnType<typeof useDeeds>

const atNine = (day: Date): Date => {
  day.setHours(9, 0, 0, 0)
  return day
}

/** The moments until which a conversation can be put away. */
export const MOMENTS = {
  hour: () => new Date(Date.now() + 3_600_000),
  threeHours: () => new Date(Date.now() + 3 * 3_600_000),
  tomorrow: () => atNine(new Date(Date.now() + 86_400_000)),
  week: () => {
    const day = new Date()
    day.setDate(day.getDate() + ((8 - day.getDay()) % 7 || 7))
    return atNine(day)
  },
} as const

export type Moment = keyof typeof MOMENTS
