import { queryOptions } from '@tanstack/react-query'
import { api, queryClient, unwrap } from '@/kernel/api'
import type { BrakeLimits, Definition, FormDefinition, Hours, TrialKind } from './types'

const LEARNING_MS = 1_500
const LIVE_MS = 30_000

/** Every rule in the order in which it is asked, and how learning stands. */
export const rulesQuery = queryOptions({
  queryKey: ['auto-replies', 'rules'],
  queryFn: () => unwrap(api.GET('/api/auto-replies')),
  refetchInterval: ({ state }) => (state.data?.learning.state === 'learning' ? LEARNING_MS : LIVE_MS),
})

export const formsQuery = queryOptions({
  queryKey: ['auto-replies', 'forms'],
  queryFn: () => unwrap(api.GET('/api/lead-forms')),
})

export const brakesQuery = queryOptions({
  queryKey: ['auto-replies', 'brakes'],
  queryFn: () => unwrap(api.GET('/api/auto-replies/brakes')),
  refetchInterval: LIVE_MS,
})

export const hoursQuery = queryOptions({
  queryKey: ['auto-replies', 'hours'],
  queryFn: () => unwrap(api.GET('/api/business-hours')),
})

export const accountsQuery = queryOptions({
  queryKey: ['auto-replies', 'accounts'],
  queryFn: () => unwrap(api.GET('/api/channels/accounts')),
})

export const menusQuery = queryOptions({
  queryKey: ['auto-replies', 'menus'],
  queryFn: () => unwrap(api.GET('/api/menus')),
})

export const segmentsQuery = queryOptions({
  queryKey: ['auto-replies', 'segments'],
  queryFn: () => unwrap(api.GET('/api/segments')),
})

/** Ask for everything about auto-replies anew. */
export const refreshReplies = () => queryClient.invalidateQueries({ queryKey: ['auto-replies'] })

export interface RuleBody {
  name: string
  definition: Definition
}

const asBody = (definition: Definition | FormDefinition) => definition as unknown as Record<string, unknown>

export const saveRule = (ruleId: number | undefined, { name, definition }: RuleBody) => {
  const body = { name, definition: asBody(definition) }
  return ruleId === undefined
    ? unwrap(api.POST('/api/auto-replies', { body: { ...body, is_on: true } }))
    : unwrap(api.PATCH('/api/auto-replies/{rule_id}', { params: { path: { rule_id: ruleId } }, body }))
}

export const switchRule = (ruleId: number, isOn: boolean) =>
  unwrap(
    api.PATCH('/api/auto-replies/{rule_id}', {
      params: { path: { rule_id: ruleId } },
      body: { is_on: isOn },
    }),
  )

export const deleteRule = (ruleId: number) =>
  unwrap(api.DELETE('/api/auto-replies/{rule_id}', { params: { path: { rule_id: ruleId } } }))

export const placeRules = (ruleIds: number[]) =>
  unwrap(api.PUT('/api/auto-replies/order', { body: { rule_ids: ruleIds } }))

export interface Question {
  kind: TrialKind
  text: string
  account_id: number | null
  scene: string
  adId: string
  waited_minutes: number
}

export const tryOut = ({ adId, ...question }: Question) =>
  unwrap(
    api.POST('/api/auto-replies/try', {
      body: { ...question, origin: adId ? { ad_id: adId } : {}, content: '', person_id: null, at: null },
    }),
  )

export const saveForm = (formId: number | undefined, name: string, definition: FormDefinition) => {
  const body = { name, definition: asBody(definition) }
  return formId === undefined
    ? unwrap(api.POST('/api/lead-forms', { body }))
    : unwrap(api.PUT('/api/lead-forms/{form_id}', { params: { path: { form_id: formId } }, body }))
}

export const deleteForm = (formId: number) =>
  unwrap(api.DELETE('/api/lead-forms/{form_id}', { params: { path: { form_id: formId } } }))

export const releaseBrake = (brakeId: number) =>
  unwrap(api.POST('/api/auto-replies/brakes/{brake_id}/release', { params: { path: { brake_id: brakeId } } }))

export const saveLimits = (body: BrakeLimits) => unwrap(api.PUT('/api/auto-replies/brakes/limits', { body }))

export const saveHours = ({ weekly, special }: Pick<Hours, 'weekly' | 'special'>) =>
  unwrap(api.PUT('/api/business-hours', { body: { weekly, special } }))
