import type { Period } from '@/kernel/api'
import { addDays, daysBetween, isDay } from '@/kernel/format/dates'

/** The lengths a page offers, in days up to today, and the one it opens with. */
export interface PeriodChoice {
  days: readonly number[]
  usual: number
}

/** For watching what happens now. */
export const GLANCE: PeriodChoice = { days: [7, 28, 90], usual: 28 }

/** Instead of a number of days: all the time that there is something to say about. */
export const WHOLE = 0

/** For proving something, which takes months. */
export const LONG: PeriodChoice = { days: [WHOLE, 90, 365], usual: WHOLE }

const MAX_DAYS = 1100

/** What the address of a page says about its period: a number of days up to today, or two dates. */
export interface PeriodSearch {
  days?: number
  from?: string
  to?: string
}

/** Keep only what makes sense; an address may have been typed by hand. */
export const parsePeriodSearch = (
  search: Record<string, unknown>,
  { days: offered, usual }: PeriodChoice = GLANCE,
): PeriodSearch => {
  const { from, to } = search
  if (isDay(from) && isDay(to) && from <= to && daysBetween(from, to) <= MAX_DAYS) return { from, to }
  const days = Number(search.days)
  return offered.includes(days) && days !== usual ? { days } : {}
}

/** The dates an address stands for today; the whole time is for the server to know. */
export const resolvePeriod = (search: PeriodSearch, today: string, { usual } = GLANCE): Period => {
  if (search.from && search.to) return { from: search.from, to: search.to }
  return { from: addDays(today, 1 - (search.days ?? usual)), to: today }
}

/** The number of days up to today that a search chooses; none when it names two dates. */
export const chosenDays = (search: PeriodSearch, { usual } = GLANCE): number | null =>
  search.from ? null : (search.days ?? usual)
