import type { Period } from '@/kernel/api'
import { addDays, daysBetween, isDay } from '@/kernel/format/dates'

export const PERIOD_DAYS = [7, 28, 90] as const
const DEFAULT_DAYS = 28
const MAX_DAYS = 1100

/** What the address of a page says about its period: a number of days up to today, or two dates. */
export interface PeriodSearch {
  days?: number
  from?: string
  to?: string
}

/** Keep only what makes sense; an address may have been typed by hand. */
export const parsePeriodSearch = (search: Record<string, unknown>): PeriodSearch => {
  const { from, to } = search
  if (isDay(from) && isDay(to) && from <= to && daysBetween(from, to) <= MAX_DAYS) return { from, to }
  const days = Number(search.days)
  return PERIOD_DAYS.some((each) => each === days) && days !== DEFAULT_DAYS ? { days } : {}
}

/** The dates an address stands for today. */
export const resolvePeriod = (search: PeriodSearch, today: string): Period => {
  if (search.from && search.to) return { from: search.from, to: search.to }
  return { from: addDays(today, 1 - (search.days ?? DEFAULT_DAYS)), to: today }
}

/** The number of days up to today that a search chooses; none when it names two dates. */
export const chosenDays = (search: PeriodSearch): number | null =>
  search.from ? null : (search.days ?? DEFAULT_DAYS)
