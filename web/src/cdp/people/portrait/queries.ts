import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { type Answer, api, queryClient, unwrap } from '@/kernel/api'

export type PersonTrait = Answer<'/api/people/{person_id}/traits'>['items'][number]
export type PersonTag = Answer<'/api/people/{person_id}/tags'>['items'][number]
export type TagEntry = Answer<'/api/people/{person_id}/tags'>['history'][number]
export type PersonLayer = Answer<'/api/people/{person_id}/layers'>['items'][number]
export type Change = Answer<'/api/people/{person_id}/changes'>['items'][number]
export type TraitDef = Answer<'/api/traits'>['items'][number]

const of = (personId: number) => ({ path: { person_id: personId } })

/** A person's traits: what each is, since when, and from whom. */
export const personTraitsQuery = (personId: number) =>
  queryOptions({
    queryKey: ['people', 'traits', personId],
    queryFn: () => unwrap(api.GET('/api/people/{person_id}/traits', { params: of(personId) })),
  })

/** A person's tags with who gave them and why, and what came and went. */
export const personTagsQuery = (personId: number) =>
  queryOptions({
    queryKey: ['people', 'tags', personId],
    queryFn: () => unwrap(api.GET('/api/people/{person_id}/tags', { params: of(personId) })),
  })

/** Where a person stands in each layer. */
export const personLayersQuery = (personId: number) =>
  queryOptions({
    queryKey: ['people', 'layers', personId],
    queryFn: () => unwrap(api.GET('/api/people/{person_id}/layers', { params: of(personId) })),
  })

interface Sought {
  kind: 'trait' | 'layer'
  name?: string
}

/** What changed in a person's portrait, newest first. */
export const changesQuery = (personId: number, { kind, name }: Sought) =>
  infiniteQueryOptions({
    queryKey: ['people', 'changes', personId, kind, name],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/people/{person_id}/changes', {
          params: { ...of(personId), query: { kind, name, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** What the workspace knows of its traits: options, units, who may say them. */
export const traitDefsQuery = queryOptions({
  queryKey: ['traits', 'list'],
  queryFn: () => unwrap(api.GET('/api/traits')),
})

/** The tags to choose from, and their groups. */
export const tagDefsQuery = queryOptions({
  queryKey: ['tags', 'list'],
  queryFn: () => unwrap(api.GET('/api/tags')),
})

/** Say a trait of a person; null takes it away. */
export const sayTrait = (personId: number, name: string, value: unknown) =>
  unwrap(api.PUT('/api/people/{person_id}/traits', { params: of(personId), body: { [name]: value } }))

interface TagChange {
  add?: { tag: string; expires_at?: string | null; reason?: string }[]
  remove?: string[]
}

export const changeTags = (personId: number, { add = [], remove = [] }: TagChange) =>
  unwrap(
    api.POST('/api/people/{person_id}/tags', {
      params: of(personId),
      body: { add: add.map((each) => ({ reason: '', ...each })), remove, reason: '' },
    }),
  )

/** Forget what is known of a person after the portrait changed. */
export const forgetPerson = (personId: number) =>
  Promise.all(
    ['one', 'tags', 'layers', 'changes'].map((part) =>
      queryClient.invalidateQueries({ queryKey: ['people', part, personId] }),
    ),
  )
