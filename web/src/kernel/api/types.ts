import type { components, paths } from './schema'

/** The words of the management API, as the server describes them. */
export type Schemas = components['schemas']

/** What a GET of a path answers with. */
export type Answer<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } }
}
  ? Body
  : never

export type Role = Schemas['Role']
export type Me = Schemas['Me']
export type Workspace = Schemas['WorkspaceOut']

export type DomainName = Schemas['SourceOut']['domain']
export type KnownDomain = Exclude<DomainName, 'unknown'>
export type StageName = Schemas['PersonItem']['stage']
export type Source = Schemas['SourceOut']
export type Touch = Schemas['Touch']

export type Identifier = Schemas['Identifier']
export type PersonRow = Schemas['PersonItem']
export type Person = Schemas['Person']
export type Order = Schemas['PersonOrder']
export type TimelineEvent = Schemas['TimelineEvent']
export type Identity = Schemas['Identity']
export type IdentityNode = Schemas['HomeIdentifier']
export type IdentityEdge = Schemas['IdentityEdge']
export type IdentityChange = Schemas['IdentityEntry']

export type Period = Schemas['PeriodShape']
export type Readouts = Schemas['Readouts']
export type StageCount = Schemas['StageCount']
export type StagesReport = Schemas['fanwheel__measure__reports__schemas__Stages']
export type FlowNode = Schemas['Node']
export type FlowsReport = Schemas['Flows']
export type AttributionRow = Schemas['Credit']
export type AttributionReport = Schemas['Attribution']
export type Cohort = Schemas['Cohort']
export type CohortsReport = Schemas['Cohorts']
export type ReferralNode = Schemas['Member']
export type ReferralReport = Schemas['Referral']

export type VerdictReport = Answer<'/api/measure/verdict'>
export type VerdictRow = VerdictReport['rows'][number]
export type VerdictNote = VerdictRow['advice']['why']
export type VerdictState = VerdictRow['state']
export type VerdictTotals = VerdictReport['totals']
export type VerdictDay = VerdictReport['history'][number]
export type GeoTest = Answer<'/api/measure/geo-tests'>['items'][number]
export type MoneyInterval = NonNullable<VerdictRow['caused_profit']>

export type EventNames = Answer<'/api/measure/events'>
export type FunnelReport = Answer<'/api/measure/funnel'>
export type RfmReport = Answer<'/api/measure/rfm'>
export type ClvReport = Answer<'/api/measure/clv'>
export type PathsReport = Answer<'/api/measure/paths'>
export type ReferralMonth = ReferralReport['series'][number]
