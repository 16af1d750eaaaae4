import type { TFunction } from 'i18next'
import type { Formats } from '@/kernel/format'

/** What is known of a trait that its values are written by. */
export interface Shape {
  type: string
  unit: string
  options?: readonly { value: string; label: string }[]
}

/** What a value is written with. */
export interface Pen {
  t: TFunction
  format: Pick<Formats, 'decimal' | 'day' | 'instant'>
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const MOMENT = /^\d{4}-\d{2}-\d{2}T/
const DIGITS = 2

const textOf = ({ t, format }: Pen, value: unknown, { type, unit, options = [] }: Shape): string => {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'boolean') return t(value ? 'kernel.traitValue.yes' : 'kernel.traitValue.no')
  if (typeof value === 'number') {
    const shown = format.decimal(value, DIGITS)
    return unit ? t('kernel.traitValue.withUnit', { value: shown, unit }) : shown
  }
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
