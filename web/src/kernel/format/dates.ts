import { cached } from './cache'

/** Local dates travel as YYYY-MM-DD; instants as ISO 8601 in UTC. */

const MS_PER_DAY = 86_400_000

/** Today's date in the workspace's time zone. */
export const todayIn = (timeZone: string, now: Date = new Date()): string =>
  cached(Intl.DateTimeFormat, 'en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(now)

/** The date some days later (earlier if negative). */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * MS_PER_DAY).toISOString().slice(0, 10)

/** How many days a period covers, both ends included. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / MS_PER_DAY) + 1

export const isDay = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^\d{4}-\d{2}-\d{2}$/.test(value) &&
  !Number.isNaN(Date.parse(`${value}T00:00:00Z`))

/** A local date, short: Nov 21 in English, 11月21日 in Chinese; with the year when it is not this one. */
export const formatDay = (day: string, locale: string, { withYear = false } = {}): string =>
  cached(Intl.DateTimeFormat, locale, {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'short',
    year: withYear ? 'numeric' : undefined,
  }).format(new Date(`${day}T00:00:00Z`))

/** A month such as 2026-02: Feb 26 in English, 26年2月 in Chinese. */
export const formatMonth = (month: string, locale: string): string =>
  cached(Intl.DateTimeFormat, locale, { timeZone: 'UTC', month: 'short', year: '2-digit' }).format(
    new Date(`${month}-01T00:00:00Z`),
  )

/** An instant in the workspace's time zone. */
export const formatInstant = (
  instant: string,
  locale: string,
  timeZone: string,
  style: 'date' | 'minute' | 'second' = 'minute',
): string =>
  cached(Intl.DateTimeFormat, locale, {
    timeZone,
    dateStyle: 'medium',
    timeStyle: style === 'date' ? undefined : style === 'minute' ? 'short' : 'medium',
  }).format(new Date(instant))

/** The local day of an instant, for grouping. */
export const dayOf = (instant: string, timeZone: string): string => todayIn(timeZone, new Date(instant))

/** Clock time of an instant, to the second when asked. */
export const formatClock = (instant: string, locale: string, timeZone: string, seconds = false): string =>
  cached(Intl.DateTimeFormat, locale, {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: seconds ? '2-digit' : undefined,
    hourCycle: 'h23',
  }).format(new Date(instant))

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** How long ago an instant was: 3 days ago, 3天前. */
export const formatAgo = (instant: string, locale: string, now: Date = new Date()): string => {
  const seconds = (Date.parse(instant) - now.getTime()) / 1000
  const [unit, length] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
  const format = cached(Intl.RelativeTimeFormat, locale, { numeric: 'auto', style: 'long' })
  return format.format(Math.round(seconds / length), unit)
}
