import { queryOptions } from '@tanstack/react-query'
import { api, queryClient, unwrap } from '@/kernel/api'

/** Every source, by its short name. */
export const sourceListQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: () => unwrap(api.GET('/api/sources')),
})

/** Every rule, in the order in which they are tried. */
export const rulesQuery = queryOptions({
  queryKey: ['source-rules'],
  queryFn: () => unwrap(api.GET('/api/source-rules')),
})

/** Ask again after a source or a rule was changed. */
export const refreshSources = async () => {
  await queryClient.invalidateQueries({ queryKey: ['sources'] })
  await queryClient.invalidateQueries({ queryKey: ['source-rules'] })
}
