import { queryOptions } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/kernel/api'

type CannedBody = Schemas['NewCanned']

const of = (id: number) => ({ path: { canned_id: id } })

export const keepCanned = (body: CannedBody) => unwrap(api.POST('/api/inbox/canned', { body }))

export const changeCanned = (id: number, body: CannedBody) =>
  unwrap(api.PUT('/api/inbox/canned/{canned_id}', { params: of(id), body }))

export const deleteCanned = (id: number) =>
  unwrap(api.DELETE('/api/inbox/canned/{canned_id}', { params: of(id) }))

export const draftingQuery = queryOptions({
  queryKey: ['inbox', 'drafting'],
  queryFn: () => unwrap(api.GET('/api/inbox/drafting')),
})
