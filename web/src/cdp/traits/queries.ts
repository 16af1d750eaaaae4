import { queryOptions } from '@tanstack/react-query'
import { api, queryClient, unwrap } from '@/kernel/api'
import type { Formula, Template, Trait, TraitFields, TraitType } from './view'

const BUILDING_MS = 1_500
const SAMPLED = 6

/** Every trait that is declared, computed, scored or merely seen on people. */
export const traitsQuery = queryOptions({
  queryKey: ['traits', 'list'],
  queryFn: () => unwrap(api.GET('/api/traits')),
  refetchInterval: ({ state }) =>
    state.data?.items.some(({ status }) => status === 'building') ? BUILDING_MS : false,
})

/** Traits to begin with. */
export const templatesQuery = queryOptions({
  queryKey: ['traits', 'templates'],
  queryFn: async (): Promise<Template[]> => (await unwrap(api.GET('/api/traits/templates'))).items,
  staleTime: Number.POSITIVE_INFINITY,
})

/** What a formula gives for a few people, given as JSON. */
export const sampleQuery = (formula: string, type: TraitType) =>
  queryOptions({
    queryKey: ['traits', 'sample', formula, type],
    queryFn: ({ signal }) =>
      unwrap(
        api.POST('/api/traits/preview', {
          body: { formula: JSON.parse(formula) as Formula, type, limit: SAMPLED },
          signal,
        }),
      ),
    staleTime: 60_000,
  })

/** Segments and lists, to choose whose traits are exported. */
export const crowdsQuery = queryOptions({
  queryKey: ['traits', 'crowds'],
  queryFn: async () => {
    const query = { limit: 500 }
    const [segments, lists] = await Promise.all([
      unwrap(api.GET('/api/segments', { params: { query } })),
      unwrap(api.GET('/api/lists', { params: { query } })),
    ])
    return {
      segments: segments.items.filter((each) => each.built_at !== null),
      lists: lists.items,
    }
  },
})

export const createTrait = (body: TraitFields) => unwrap(api.POST('/api/traits', { body }))

export const changeTrait = ({ name, ...body }: TraitFields) =>
  unwrap(api.PATCH('/api/traits/{name}', { params: { path: { name } }, body }))

export const deleteTrait = (name: string) =>
  unwrap(api.DELETE('/api/traits/{name}', { params: { path: { name } } }))

/** What a form begins with when a trait is changed, or made again. */
export const fieldsOf = (trait: Trait): TraitFields => ({
  name: trait.name,
  label: trait.label,
  description: trait.description,
  type: trait.type,
  unit: trait.unit,
  options: trait.options,
  formula: trait.formula,
  keeps_history: trait.keeps_history,
})

/** Bring traits in from a file, or only say what would come of it. */
export const importTraits = async (
  file: File,
  { isDry, makesPeople }: { isDry: boolean; makesPeople: boolean },
) => {
  const text = await file.text()
  return await unwrap(
    api.POST('/api/traits/import', {
      params: { query: { dry_run: isDry, create: makesPeople } },
      body: text as never,
      bodySerializer: (body: unknown) => body as string,
      headers: { 'Content-Type': 'text/csv' },
    }),
  )
}

export type Crowd = { segment_id?: number; list_id?: number }

/** Where the browser fetches traits as a file. */
export const exportAddress = ({ segment_id: segment, list_id: list }: Crowd): string => {
  const query = segment ? `?segment_id=${segment}` : list ? `?list_id=${list}` : ''
  return `/api/traits/export${query}`
}

/** Forget what is known of traits, and whatever names them, after one of them changed. */
export const forgetTraits = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: ['traits'] }),
    queryClient.invalidateQueries({ queryKey: ['segments', 'vocabulary'] }),
    queryClient.invalidateQueries({ queryKey: ['people', 'traits'] }),
  ])

/** What a file brings, or would bring. */
export type ImportReport = Awaited<ReturnType<typeof importTraits>>
