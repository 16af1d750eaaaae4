import { queryOptions } from '@tanstack/react-query'
import { api, queryClient, type Schemas, unwrap } from '@/kernel/api'

export type Period = Schemas['RetentionPeriod']
export type Kind = Period['kind']

/** How long each kind of data is kept. */
export const periodsQuery = queryOptions({
  queryKey: ['retention', 'periods'],
  queryFn: async () => (await unwrap(api.GET('/api/retention'))).items,
})

/** How much would go at once. */
export const previewQuery = (kind: Kind, days: number) =>
  queryOptions({
    queryKey: ['retention', 'preview', kind, days],
    queryFn: () => unwrap(api.GET('/api/retention/preview', { params: { query: { kind, days } } })),
    retry: false,
  })

export const savePeriod = (kind: Kind, days: number | null) =>
  unwrap(api.PUT('/api/retention', { body: { items: [{ kind, days }] } }))

export const refreshRetention = () => queryClient.invalidateQueries({ queryKey: ['retention'] })
