import type { TFunction } from 'i18next'
import { currencyExponent, type Formats } from '@/kernel/format'

/** What is known of a trait that its values are written by. */
export interface Shape {
  type: string
  unit: string
  options?: readonly { value: string; label: string }[]
}

/** What a value is written with. */
export interface Pen {
  t: TFunction
  format: Pick<Formats, 'decimal' | 'day' | 'instant' | 'money'>
  /** The currency that orders are reported in. */
  currency: string
}

/** A unit that stands for the currency of orders, and one for an hour of the day. */
export const CURRENCY = 'currency'
export const HOUR = 'hour'

const DAY = /^\d{4}-\d{2}-\d{2}$/
const MOMENT = /^\d{4}-\d{2}-\d{2}T/
const DIGITS = 2

const numberOf = ({ t, format, currency }: Pen, value: number, unit: string): string => {
  if (unit === CURRENCY) return format.money(Math.round(value * 10 ** currencyExponent(currency)), currency)
  if (unit === HOUR) return `${value}:00`
  const shown = format.decimal(value, DIGITS)
  return unit ? t('kernel.traitValue.withUnit', { value: shown, unit }) : shown
}

const textOf = (pen: Pen, value: unknown, { type, unit, options = [] }: Shape): string => {
  const { t, format } = pen
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'boolean') return t(value ? 'kernel.traitValue.yes' : 'kernel.traitValue.no')
  if (typeof value === 'number') return numberOf(pen, value, unit)
  if (typeof value === 'object') return JSON.stringify(value)
  const text = String(value)
  if (type === 'date' && DAY.test(text)) return format.day(text, { withYear: true })
  if (type === 'date' && MOMENT.test(text)) return format.instant(text)
  return options.find((option) => option.value === text)?.label || text
}

/** A value as a reader sees it: what its option is called, its unit, its date; lists joined. */
export const writeValue = (pen: Pen, value: unknown, shape: Shape): string =>
  Array.isArray(value)
    ? value.map((each) => textOf(pen, each, shape)).join(pen.t('kernel.traitValue.separator')) || '–'
    : textOf(pen, value, shape)
