import { type PeriodSearch, parsePeriodSearch } from '@/kernel/period'

export const WINDOWS = [1, 7, 14, 30, 60, 90] as const
export const USUAL_WINDOW = 30
export const FEWEST_STEPS = 2
export const MOST_STEPS = 8

/** What the address of a funnel says: its events in order, the days between first and last, the period. */
export interface FunnelSearch extends PeriodSearch {
  steps?: string[]
  window?: number
}

/** Keep only what makes sense; an address may have been typed by hand. */
export const parseFunnelSearch = (search: Record<string, unknown>): FunnelSearch => {
  const given = Array.isArray(search.steps) ? search.steps : []
  const steps = given.filter((step): step is string => typeof step === 'string' && step !== '')
  const window = Number(search.window)
  return {
    ...parsePeriodSearch(search),
    ...(steps.length > 0 ? { steps: steps.slice(0, MOST_STEPS) } : {}),
    ...(WINDOWS.some((each) => each === window) && window !== USUAL_WINDOW ? { window } : {}),
  }
}
