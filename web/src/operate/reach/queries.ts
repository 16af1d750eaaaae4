import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, queryClient, type Schemas, unwrap } from '@/kernel/api'

export type Trace = Schemas['IntentTrace']
export type TraceStep = Schemas['TraceStep']
export type Rules = Schemas['SendingRulesOut']
export type Cap = Schemas['FrequencyCap']
export type Allowance = Schemas['PlatformAllowance']
export type Sender = Schemas['SenderOut']

/** All that was to be said to a person, newest first. */
export const intentsQuery = (personId: number) =>
  infiniteQueryOptions({
    queryKey: ['people', personId, 'intents'],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/people/{person_id}/intents', {
          params: { path: { person_id: personId }, query: { cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const rulesQuery = queryOptions({
  queryKey: ['reach', 'rules'],
  queryFn: () => unwrap(api.GET('/api/reach/rules')),
})

export const allowancesQuery = queryOptions({
  queryKey: ['reach', 'allowances'],
  queryFn: () => unwrap(api.GET('/api/reach/allowances')),
})

export const sendersQuery = queryOptions({
  queryKey: ['reach', 'senders'],
  queryFn: () => unwrap(api.GET('/api/reach/senders')),
})

const refresh = () => queryClient.invalidateQueries({ queryKey: ['reach'] })

/** Put other rules in the place of those that are. */
export const saveRules = async (body: Rules) => {
  await unwrap(api.PUT('/api/reach/rules', { body }))
  await refresh()
}

/** Let a platform's right or quota have another number of messages from now on. */
export const saveMost = async (allowance: Allowance, most: number | null) => {
  const { allowance_id: id, cite, as_of } = allowance
  await unwrap(
    api.PATCH('/api/reach/allowances/{allowance_id}', {
      params: { path: { allowance_id: id } },
      body: { most, cite, as_of },
    }),
  )
  await refresh()
}

/** Decide what is done where nobody knows whether a message arrived. */
export const saveUnclear = async (sender: Sender, choice: Sender['when_unclear']) => {
  const { account_id: accountId, per_second, at_once } = sender
  await unwrap(
    api.PATCH('/api/reach/senders/{account_id}', {
      params: { path: { account_id: accountId } },
      body: { when_unclear: choice, per_second, at_once },
    }),
  )
  await refresh()
}

/** Let an account send again. */
export const resumeSender = async (accountId: number) => {
  await unwrap(
    api.POST('/api/reach/senders/{account_id}/resume', { params: { path: { account_id: accountId } } }),
  )
  await refresh()
}

export type Price = Schemas['MessagePrice']

export const pricesQuery = queryOptions({
  queryKey: ['reach', 'prices'],
  queryFn: () => unwrap(api.GET('/api/reach/prices')),
})

/** The accounts that prices can be said of. */
export const accountsQuery = queryOptions({
  queryKey: ['reach', 'accounts'],
  queryFn: () => unwrap(api.GET('/api/channels/accounts')),
})

/** Put other prices in the place of those that are. */
export const savePrices = async (items: Price[]) => {
  await unwrap(api.PUT('/api/reach/prices', { body: { items } }))
  await refresh()
}
