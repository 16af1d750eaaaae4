import type { Schemas } from '@/kernel/api'

export type Summary = Schemas['BroadcastSummary']
export type Broadcast = Schemas['BroadcastOut']
export type Audience = Schemas['BroadcastAudience']
export type Source = Schemas['BroadcastSource']
export type Route = Schemas['BroadcastRoute']
export type Schedule = Schemas['BroadcastSchedule']
export type Experiment = Schemas['BroadcastExperiment']
export type Progress = Schemas['BroadcastProgress']
export type Check = Schemas['BroadcastCheck']
export type Issue = Schemas['BroadcastIssue']
export type Settings = Schemas['BroadcastSettings']
export type Patch = Schemas['BroadcastPatch']
export type State = Summary['state']

export const STATES = [
  'draft',
  'in_review',
  'approved',
  'scheduled',
  'running',
  'paused',
  'done',
  'canceled',
] as const satisfies readonly State[]

export const PURPOSES = ['marketing', 'transactional'] as const
export const KINDS = ['now', 'at', 'local', 'best_hour'] as const
export const METRICS = ['opened', 'clicked', 'replied', 'converted'] as const
export const OTHERWISES = ['best', 'first', 'hold'] as const
export const MOST_ROUTES = 5

/** What an editor changes; the rest of a broadcast is told by the server. */
export const WRITTEN = [
  'name',
  'purpose',
  'audience',
  'routes',
  'schedule',
  'per_minute',
  'experiment',
  'holdout_share',
  'seed_list_id',
  'expires_hours',
] as const

export type Draft = Pick<Broadcast, (typeof WRITTEN)[number]>

export type Report = Schemas['BroadcastReport']
export type Race = NonNullable<Report['experiment']>
export type Recipient = Schemas['BroadcastPerson']
export type Lift = Schemas['BroadcastLift']
export interface Published {
  name: string
  channel: string
  content: Schemas['ContentContent']
}
