import { useMutation, useQuery } from '@tanstack/react-query'
import { queryClient } from '@/kernel/api'
import type { Answer } from './extras'
import { sendReply, threadQuery } from './queries'

/** An answer that has not reached the server yet, or was refused there. */
export interface Draft {
  key: string
  answer: Answer
  isLost: boolean
}

const keyOf = (id: number) => ['inbox', 'sending', id] as const

const change = (id: number, by: (drafts: Draft[]) => Draft[]) => {
  queryClient.setQueryData<Draft[]>(keyOf(id), (drafts) => by(drafts ?? []))
}

/** Answers on their way: shown at once, tried again with the same key so that none goes out twice. */
export const useSending = (id: number) => {
  const { data: drafts = [] } = useQuery<Draft[]>({
    queryKey: keyOf(id),
    queryFn: () => [],
    initialData: [],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  })
  const { mutate } = useMutation({
    mutationFn: ({ answer, key }: { answer: Answer; key: string }) => sendReply(id, answer, key),
    onMutate: ({ answer, key }) =>
      change(id, (known) => [...known.filter((draft) => draft.key !== key), { key, answer, isLost: false }]),
    onSuccess: async (_, { key }) => {
      await queryClient.invalidateQueries({ queryKey: threadQuery(id).queryKey })
      change(id, (known) => known.filter((draft) => draft.key !== key))
    },
    onError: (_, { key }) =>
      change(id, (known) => known.map((draft) => (draft.key === key ? { ...draft, isLost: true } : draft))),
  })
  return {
    drafts,
    send: (answer: Answer) => mutate({ answer, key: crypto.randomUUID() }),
    again: ({ answer, key }: Draft) => mutate({ answer, key }),
    drop: ({ key }: Draft) => change(id, (known) => known.filter((draft) => draft.key !== key)),
  }
}
