import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, queryClient, type Schemas, unwrap } from '@/kernel/api'

export type PeopleList = Schemas['PeopleList']
export type Upload = Schemas['Upload']

/** What a column can hold. */
export const KINDS = [
  'any',
  'email',
  'phone',
  'user_id',
  'openid',
  'unionid',
  'wecom_external_userid',
  'douyin_open_id',
  'tiktok_open_id',
  'telegram_id',
  'line_id',
  'anonymous_id',
  'device_id',
  'person_id',
] as const
export type Kind = (typeof KINDS)[number]

const PAGE = 100

/** Lists whose name holds a text, newest first. */
export const listsQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['lists', 'all', q],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/lists', {
          params: { query: { q: q || undefined, limit: PAGE, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
  })

const at = (listId: number) => ({ path: { list_id: listId } })

/** One list. */
export const listQuery = (listId: number) =>
  queryOptions({
    queryKey: ['lists', 'one', listId],
    queryFn: () => unwrap(api.GET('/api/lists/{list_id}', { params: at(listId) })),
  })

/** The segments whose rules ask who is on a list. */
export const usesQuery = (listId: number) =>
  queryOptions({
    queryKey: ['lists', 'uses', listId],
    queryFn: () => unwrap(api.GET('/api/lists/{list_id}/uses', { params: at(listId) })),
  })

/** The files that filled a list, newest first. */
export const uploadsQuery = (listId: number) =>
  queryOptions({
    queryKey: ['lists', 'uploads', listId],
    queryFn: () => unwrap(api.GET('/api/lists/{list_id}/uploads', { params: at(listId) })),
  })

/** What segments are called: a snapshot is of one. */
export const segmentNamesQuery = queryOptions({
  queryKey: ['segments', 'options'],
  queryFn: async () => {
    const { items } = await unwrap(api.GET('/api/segments', { params: { query: { limit: 500 } } }))
    return items.map(({ segment_id: value, name: label }) => ({ value, label }))
  },
})

/** A few people by any identifier, to choose from. */
export const findPeopleQuery = (q: string) =>
  queryOptions({
    queryKey: ['people', 'find', q],
    queryFn: () => unwrap(api.GET('/api/people', { params: { query: { q, limit: 8 } } })),
    enabled: q.length >= 2,
  })

export const addList = (body: { name: string; description: string }) =>
  unwrap(api.POST('/api/lists', { body: { ...body, person_ids: [] } }))

export const changeList = (listId: number, body: Schemas['ListPatch']) =>
  unwrap(api.PATCH('/api/lists/{list_id}', { params: at(listId), body }))

export const deleteList = (listId: number) =>
  unwrap(api.DELETE('/api/lists/{list_id}', { params: at(listId) }))

/** Put some people on a list, so that just those who were not on it can be taken off again. */
export const addPeople = (listId: number, ids: number[]) =>
  unwrap(
    api.POST('/api/people/bulk', {
      body: { choose: { ids, except: [] }, do: { what: 'add_to_list', list_id: listId } },
    }),
  )

export const undoAdding = (actionId: number) =>
  unwrap(api.POST('/api/people/bulk/{action_id}/undo', { params: { path: { action_id: actionId } } }))

/** How the rows of a file are matched, where its header does not tell. */
export interface Matching {
  column?: string
  kind?: Kind
}

/** Put everybody on a list whom a file names. */
export const uploadFile = (listId: number, file: File, options: Matching = {}): Promise<Upload> =>
  unwrap(
    api.POST('/api/lists/{list_id}/uploads', {
      params: { path: { list_id: listId }, query: { ...options, file_name: file.name.slice(-200) } },
      headers: { 'Content-Type': 'text/csv' },
      // The bytes as they are: the server finds out how they are written.
      body: file as unknown as string,
      bodySerializer: (content) => content as unknown as File,
    }),
  )

/** Where the browser fetches files from. */
export const exportAddress = (listId: number) => `/api/lists/${listId}/export`
export const unmatchedAddress = ({ list_id: listId, upload_id: id }: Upload) =>
  `/api/lists/${listId}/uploads/${id}/unmatched`

/** Ask again for all that changes with a list. */
export const refreshLists = async () => {
  const keys = [['lists'], ['people', 'list'], ['bulk', 'list']]
  await Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })))
}
