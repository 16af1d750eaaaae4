import type { DomainName, StageName } from '@/kernel/api'

const STAGES: readonly StageName[] = ['introduce', 'operate', 'convert', 'share', 'repurchase']
const DOMAINS: readonly DomainName[] = ['public', 'commercial', 'private', 'unknown']
const SORTS = ['last_seen', '-last_seen', 'revenue', '-revenue'] as const

export type PeopleSort = (typeof SORTS)[number]

/** Which people are listed, as the page's address says it. */
export interface PeopleSearch {
  q?: string
  stage?: StageName
  domain?: DomainName
  source_id?: number
  tag?: string
  segment_id?: number
  list_id?: number
  fan?: boolean
  sort?: PeopleSort
}

const oneOf = <Value extends string>(values: readonly Value[], value: unknown): Value | undefined =>
  values.find((each) => each === value)

const text = (value: unknown): string | undefined => {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

const whole = (value: unknown): number | undefined => {
  const number = Number(value)
  return Number.isSafeInteger(number) && number > 0 ? number : undefined
}

const flag = (value: unknown): boolean | undefined => {
  if (value === true || value === 'true') return true
  return value === false || value === 'false' ? false : undefined
}

/** Keep only what makes sense; an address may have been typed by hand. */
export const parsePeopleSearch = (search: Record<string, unknown>): PeopleSearch => ({
  q: text(search.q),
  stage: oneOf(STAGES, search.stage),
  domain: oneOf(DOMAINS, search.domain),
  source_id: whole(search.source_id),
  tag: text(search.tag),
  segment_id: whole(search.segment_id),
  list_id: whole(search.list_id),
  fan: flag(search.fan),
  sort: oneOf(SORTS, search.sort),
})
