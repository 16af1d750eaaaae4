import { createContext, createElement, type ReactNode, useContext, useMemo } from 'react'
import { useWorkspace } from '@/kernel/auth'
import { useLocale } from '@/kernel/i18n'
import * as dates from './dates'
import { formatMoney, type MoneyOptions } from './money'
import * as numbers from './numbers'

const useBoundFormats = () => {
  const locale = useLocale()
  const timeZone = useWorkspace()?.time_zone ?? 'UTC'
  return useMemo(
    () => ({
      locale,
      timeZone,
      count: (value: number) => numbers.formatCount(value, locale),
      compact: (value: number) => numbers.formatCompact(value, locale),
      share: (fraction: number) => numbers.formatShare(fraction, locale),
      decimal: (value: number, digits?: number) => numbers.formatDecimal(value, locale, digits),
      money: (minor: number, currency: string, options?: MoneyOptions) =>
        formatMoney(minor, currency, locale, options),
      day: (day: string, options?: { withYear?: boolean }) => dates.formatDay(day, locale, options),
      month: (month: string) => dates.formatMonth(month, locale),
      instant: (instant: string, style?: 'date' | 'minute' | 'second') =>
        dates.formatInstant(instant, locale, timeZone, style),
      clock: (instant: string, seconds?: boolean) => dates.formatClock(instant, locale, timeZone, seconds),
      dayOf: (instant: string) => dates.dayOf(instant, timeZone),
      ago: (instant: string) => dates.formatAgo(instant, locale),
      today: () => dates.todayIn(timeZone),
    }),
    [locale, timeZone],
  )
}

export type Formats = ReturnType<typeof useBoundFormats>

const Context = createContext<Formats | null>(null)

/** Binds the formats once for the whole app. */
export const FormatsProvider = ({ children }: { children: ReactNode }) =>
  createElement(Context, { value: useBoundFormats() }, children)

/** Every format, already bound to the reader's language and the workspace's time zone. */
export const useFormats = (): Formats => {
  const formats = useContext(Context)
  if (!formats) throw new Error('FormatsProvider is missing.')
  return formats
}
