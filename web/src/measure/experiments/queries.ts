import { queryOptions } from '@tanstack/react-query'
import { api, queryClient, type Schemas, unwrap } from '@/kernel/api'

export type Experiment = Schemas['Experiment']
export type Finding = Schemas['Finding']
export type Outcome = Experiment['outcome']
export type NewExperiment = Schemas['ExperimentIn']

/** Every experiment, the newest first. */
export const experimentsQuery = queryOptions({
  queryKey: ['experiments', 'list'],
  queryFn: () => unwrap(api.GET('/api/experiments')),
})

/** One experiment and what it shows now. */
export const experimentQuery = (id: number) =>
  queryOptions({
    queryKey: ['experiments', 'one', id],
    queryFn: () =>
      unwrap(api.GET('/api/experiments/{experiment_id}', { params: { path: { experiment_id: id } } })),
  })

/** What an experiment with a segment's people would be able to see. */
export const planQuery = (
  asked: Required<Pick<NewExperiment, 'segment_id' | 'outcome' | 'treated_share' | 'days'>>,
) =>
  queryOptions({
    queryKey: ['experiments', 'plan', asked],
    queryFn: ({ signal }) => unwrap(api.GET('/api/experiments/plan', { params: { query: asked }, signal })),
  })

/** The segments whose people can be dealt. */
export const builtSegmentsQuery = queryOptions({
  queryKey: ['experiments', 'segments'],
  queryFn: async () => {
    const { items } = await unwrap(api.GET('/api/segments', { params: { query: { limit: 500 } } }))
    return items.filter(({ built_at: at }) => at !== null)
  },
})

/** Begin an experiment now. */
export const startExperiment = (body: NewExperiment) => unwrap(api.POST('/api/experiments', { body }))

/** End an experiment now. */
export const endExperiment = (id: number) =>
  unwrap(api.POST('/api/experiments/{experiment_id}/end', { params: { path: { experiment_id: id } } }))

/** Forget an experiment. */
export const deleteExperiment = (id: number) =>
  unwrap(api.DELETE('/api/experiments/{experiment_id}', { params: { path: { experiment_id: id } } }))

/** Ask for everything about experiments once more; starting one has made lists, too. */
export const forgetExperiments = () =>
  Promise.all(['experiments', 'lists'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })))
