/** The words of the management API, as its contract states them. */

export type DomainName = 'public' | 'commercial' | 'private' | 'unknown'
export type KnownDomain = Exclude<DomainName, 'unknown'>
export type StageName = 'introduce' | 'operate' | 'convert' | 'share' | 'repurchase'
export type Role = 'owner' | 'operator' | 'agent' | 'analyst' | 'viewer'

export interface Page<Item> {
  items: Item[]
  next_cursor: string | null
}

export interface Period {
  from: string
  to: string
}

// --- access ---------------------------------------------------------------

export interface Workspace {
  id: number
  slug: string
  name: string
  time_zone: string
  default_region: string
  reporting_currency: string
  is_demo: boolean
}

export interface Me {
  user: { id: number; email: string; name: string; locale: string | null }
  workspace: Workspace
  role: Role
  permissions: string[]
  workspaces: { id: number; slug: string; name: string; role: Role }[]
  csrf_token: string
}

// --- people ---------------------------------------------------------------

export interface Touch {
  source: string
  domain: DomainName
  at: string
}

export interface Identifier {
  kind: string
  value: string
}

export interface PersonRow {
  id: number
  name: string | null
  identifiers: Identifier[]
  stage: StageName
  tags: string[]
  is_fan: boolean
  order_count: number
  revenue_minor: number
  currency: string
  first_touch: Touch | null
  last_touch: Touch | null
  first_seen_at: string
  last_seen_at: string
}

export interface PeoplePage extends Page<PersonRow> {
  total: number
}

export interface PeopleQuery {
  q?: string
  stage?: StageName
  domain?: DomainName
  source_id?: number
  tag?: string
  fan?: boolean
  sort?: string
  cursor?: string
  limit?: number
}

export interface Order {
  order_id: string
  person_id: number
  status: string
  placed_at: string
  currency: string
  total_minor: number
  refunded_minor: number
  net_minor: number
  coupon: string | null
}

export interface Person extends Omit<PersonRow, 'identifiers'> {
  identifiers: (Identifier & { first_seen_at: string; home_id: number })[]
  traits: Record<string, { value: unknown; at: string }>
  stages: Record<StageName, string | null>
  consents: { channel: string; purpose: string; granted: boolean; at: string }[]
  clicks: { kind: string; value: string; at: string }[]
  orders: Order[]
  merged_from: number[]
}

export interface TimelineEvent {
  event_id: string
  kind: string
  name: string
  occurred_at: string
  source: string | null
  domain: DomainName
  properties: Record<string, unknown>
  context: Record<string, unknown>
}

export interface IdentityNode {
  home_id: number
  kind: string
  value: string
  first_seen_at: string
}

export interface IdentityEdge {
  low_id: number
  high_id: number
  origin: string
  is_cut: boolean
  first_seen_at: string
}

export interface IdentityChange {
  at: string
  actor: string
  action: string
  person_id: number
  other_ids: number[]
  reason: string | null
}

export interface Identity {
  nodes: IdentityNode[]
  edges: IdentityEdge[]
  history: IdentityChange[]
}

// --- sources --------------------------------------------------------------

export interface Source {
  id: number
  slug: string
  name: string
  domain: DomainName
}

// --- measure --------------------------------------------------------------

export interface StageCount {
  stage: StageName
  people: number
  entered: number
  entered_before: number
  rate_to_next: number | null
}

export interface StagesReport {
  as_of: string
  currency: string
  period: Period
  previous: Period
  stages: StageCount[]
  days: ({ day: string } & Record<StageName, number>)[]
}

export interface FlowNode {
  id: string
  label: string
  domain: DomainName
  layer: number
}

export interface FlowsReport {
  as_of: string
  domains: { domain: DomainName; people: number; touches: number }[]
  flows: { from: KnownDomain; to: KnownDomain; people: number; crossings: number }[]
  links: { nodes: FlowNode[]; edges: { from: string; to: string; people: number }[] }
}

export interface Readouts {
  as_of: string
  fans: number
  fans_consented_share: number | null
  boarded: number
  boarded_before: number
  revenue_minor: number
  revenue_before_minor: number
  orders: number
  spend_minor: number
  spend_before_minor: number
  currency: string
}

export interface AttributionRow {
  source_id: number
  source: string
  name: string
  domain: DomainName
  spend_minor: number
  credited_revenue_minor: number
  credited_orders: number
  people: number
  cost_per_order_minor: number | null
}

export interface AttributionReport {
  as_of: string
  model: string
  lookback_days: number
  proven: boolean
  rows: AttributionRow[]
  currency: string
}

export interface Cohort {
  cohort: string
  people: number
  returned: number[]
  revenue_minor: number[]
}

export interface CohortsReport {
  as_of: string
  grain: 'month' | 'week'
  cohorts: Cohort[]
  currency: string
}

export interface ReferralNode {
  person_id: number
  name: string | null
  parent_id: number | null
  orders: number
  brought: number
}

export interface ReferralReport {
  as_of: string
  invites: number
  accepted_invites: number
  k_factor: number | null
  tree: ReferralNode[]
}
