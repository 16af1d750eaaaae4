import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { ApiError, api, queryClient, type Schemas, unwrap } from '@/kernel/api'
import { download } from '@/kernel/ui'

export type Action = Schemas['Action']
export type Doing = Schemas['NewAction']['do']
export type What = Action['what']
export type Trait = Schemas['TraitDef']

/** People to do something to: by their ids, or all that the filters of the list show but some. */
export type Choose = { ids: number[] } | { filters: Schemas['PeopleFilters']; except: number[] }

const PAGE = 50
const LOOK_MS = 700

/** The server takes the one or the other and no empty one of both. */
const toSend = (choose: Choose) => choose as Schemas['Choice']

export const start = (choose: Choose, doing: Doing): Promise<Action> =>
  unwrap(api.POST('/api/people/bulk', { body: { choose: toSend(choose), do: doing } }))

export const undo = (actionId: number): Promise<Action> =>
  unwrap(api.POST('/api/people/bulk/{action_id}/undo', { params: { path: { action_id: actionId } } }))

export const isGoing = ({ status }: Pick<Action, 'status'>): boolean =>
  status === 'running' || status === 'undoing'

/** How far an action has come; asked again and again while it is going on. */
export const actionQuery = (known: Action) =>
  queryOptions({
    queryKey: ['bulk', 'one', known.action_id],
    queryFn: () =>
      unwrap(api.GET('/api/people/bulk/{action_id}', { params: { path: { action_id: known.action_id } } })),
    initialData: known,
    refetchInterval: ({ state }) => (state.data && isGoing(state.data) ? LOOK_MS : false),
  })

/** What was done to many at once, newest first. */
export const actionsQuery = infiniteQueryOptions({
  queryKey: ['bulk', 'list'],
  queryFn: ({ pageParam }) =>
    unwrap(api.GET('/api/people/bulk', { params: { query: { cursor: pageParam, limit: PAGE } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
  refetchInterval: ({ state }) =>
    state.data?.pages.some(({ items }) => items.some(isGoing)) ? LOOK_MS : false,
})

/** Save the people chosen as a CSV file. */
export const exportPeople = async (choose: Choose, fileName: string): Promise<void> => {
  const call = api.POST('/api/people/export', { body: { choose: toSend(choose) }, parseAs: 'blob' })
  const content: unknown = await unwrap(call)
  if (!(content instanceof Blob)) throw new ApiError(500, {})
  download(content, fileName)
}

/** The tags there are, with what they are called. */
export const tagsQuery = queryOptions({
  queryKey: ['bulk', 'tags'],
  queryFn: () => unwrap(api.GET('/api/tags')),
})

/** The traits that can be set: those declared, not those worked out. */
export const settableTraitsQuery = queryOptions({
  queryKey: ['bulk', 'traits'],
  queryFn: async () => {
    const { items } = await unwrap(api.GET('/api/traits'))
    return items.filter(({ origin }) => origin === 'declared')
  },
})

/** Lists whose name holds a text. */
export const listsQuery = (q: string) =>
  queryOptions({
    queryKey: ['lists', 'found', q],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/lists', { params: { query: { q: q || undefined, limit: 50 } }, signal })),
  })

/** Ask again for all that an action on people may have changed. */
export const refreshPeople = async () => {
  const keys = [
    ['people'],
    ['lists'],
    ['bulk', 'list'],
    ['bulk', 'tags'],
    ['tags'],
    ['segments', 'vocabulary'],
  ]
  await Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })))
}
