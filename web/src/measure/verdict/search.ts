import { LONG, type PeriodSearch, parsePeriodSearch } from '@/kernel/period'

export const GROUPINGS = ['channel', 'campaign', 'segment'] as const
export type Grouping = (typeof GROUPINGS)[number]

/** What the address of the verdict says: its period, and by what it is split. */
export interface VerdictSearch extends PeriodSearch {
  by?: Exclude<Grouping, 'channel'>
}

/** Keep only what makes sense; an address may have been typed by hand. */
export const parseVerdictSearch = (search: Record<string, unknown>): VerdictSearch => {
  const by = GROUPINGS.find((each) => each === search.by)
  return { ...parsePeriodSearch(search, LONG), ...(by && by !== 'channel' ? { by } : {}) }
}
