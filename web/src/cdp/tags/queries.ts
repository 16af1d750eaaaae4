import { queryOptions } from '@tanstack/react-query'
import { api, queryClient, unwrap } from '@/kernel/api'
import type { DraftClass, GroupFields, RuleBody, TagFields } from './view'

const BUILDING_MS = 1_500
const LIVE_MS = 20_000

const pace = (items: { status: string }[] | undefined) =>
  items?.some(({ status }) => status === 'building') ? BUILDING_MS : LIVE_MS

/** Every tag that is defined or that somebody carries, and the groups. */
export const tagsQuery = queryOptions({
  queryKey: ['tags', 'list'],
  queryFn: () => unwrap(api.GET('/api/tags')),
  refetchInterval: ({ state }) => pace(state.data?.items),
})

/** Every layer with its classes, those built in first. */
export const layersQuery = queryOptions({
  queryKey: ['layers', 'list'],
  queryFn: () => unwrap(api.GET('/api/layers')),
  refetchInterval: ({ state }) => pace(state.data?.items),
})

const named = (tag: string) => ({ path: { tag } })

/** Define a tag; of one that people carry already, say more about it. */
export const saveTag = ({ tag, ...body }: TagFields, isDefined: boolean) =>
  isDefined
    ? unwrap(api.PATCH('/api/tags/{tag}', { params: named(tag), body }))
    : unwrap(api.POST('/api/tags', { body: { tag, ...body } }))

/** Give a tag another name; onto one that exists both become one. */
export const renameTag = (tag: string, to: string) =>
  unwrap(api.POST('/api/tags/{tag}/rename', { params: named(tag), body: { to } }))

/** Take a tag off everybody and forget it. */
export const deleteTag = (tag: string) => unwrap(api.DELETE('/api/tags/{tag}', { params: named(tag) }))

const grouped = (groupId: number) => ({ path: { group_id: groupId } })

export const saveGroup = (groupId: number | undefined, body: GroupFields) =>
  groupId
    ? unwrap(api.PATCH('/api/tags/groups/{group_id}', { params: grouped(groupId), body }))
    : unwrap(api.POST('/api/tags/groups', { body }))

export const deleteGroup = (groupId: number) =>
  unwrap(api.DELETE('/api/tags/groups/{group_id}', { params: grouped(groupId) }))

export interface LayerBody {
  key: string
  name: string
  description: string
  may_fall: boolean
  classes: { key: string; name: string; rule: RuleBody }[]
}

/** Classes as they are sent: those without a rule cannot be. */
export const toClasses = (classes: DraftClass[]): LayerBody['classes'] =>
  classes.flatMap(({ key, name, rule }) => (rule ? [{ key: key.trim(), name: name.trim(), rule }] : []))

export const saveLayer = ({ key, ...body }: LayerBody, isNew: boolean) =>
  isNew
    ? unwrap(api.POST('/api/layers', { body: { key, ...body } }))
    : unwrap(api.PUT('/api/layers/{key}', { params: { path: { key } }, body }))

export const deleteLayer = (key: string) =>
  unwrap(api.DELETE('/api/layers/{key}', { params: { path: { key } } }))

const forget = (...keys: string[][]) =>
  Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })))

/** Forget what is known of tags, and whatever names them, after one of them changed. */
export const forgetTags = () => forget(['tags'], ['segments'], ['people'])

export const forgetLayers = () => forget(['layers'], ['segments'], ['people'])
