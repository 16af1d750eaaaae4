import i18next, { type TFunction } from 'i18next'
import { describe, expect, it } from 'vitest'
import { formatDay, formatDecimal, formatInstant, formatMoney } from '@/kernel/format'
import en from '@/kernel/i18n/locales/en.json'
import { type Pen, type Shape, writeValue } from './value'

await i18next.init({ lng: 'en', resources: { en: { translation: { kernel: en } } } })

const pen: Pen = {
  t: i18next.getFixedT('en') as TFunction,
  format: {
    decimal: (value, digits) => formatDecimal(value, 'en', digits),
    day: (day, options) => formatDay(day, 'en', options),
    money: (minor, currency) => formatMoney(minor, currency, 'en'),
    instant: (at, style) => formatInstant(at, 'en', 'Asia/Shanghai', style),
  },
  currency: 'CNY',
}

const shape = (type: string, rest: Partial<Shape> = {}): Shape => ({ type, unit: '', ...rest })
const bands = [{ value: '25-34', label: 'Around thirty' }]

describe('a value of a trait', () => {
  it.each<[string, unknown, Shape, string]>([
    ['text', 'Hangzhou', shape('text'), 'Hangzhou'],
    ['nothing', null, shape('text'), '–'],
    ['an empty list', [], shape('options'), '–'],
    ['a number', 1234.567, shape('number'), '1,234.57'],
    ['a number with its unit', 3, shape('number', { unit: 'days' }), '3 days'],
    ['money', 12.5, shape('number', { unit: 'currency' }), '¥12.50'],
    ['an hour', 21, shape('number', { unit: 'hour' }), '21:00'],
    ['yes', true, shape('bool'), 'yes'],
    ['a day', '2026-03-01', shape('date'), 'Mar 1, 2026'],
    ['a moment', '2026-03-01T16:30:00Z', shape('date'), 'Mar 2, 2026, 12:30 AM'],
    ['a day that is mere text', '2026-03-01', shape('text'), '2026-03-01'],
    ['an option', '25-34', shape('option', { options: bands }), 'Around thirty'],
    ['an option nobody knows', '99', shape('option', { options: bands }), '99'],
    ['several', ['25-34', 'x'], shape('options', { options: bands }), 'Around thirty, x'],
    ['an object', { a: 1 }, shape('text'), '{"a":1}'],
  ])('is written as %s', (_, value, of, text) => {
    // Formats part the time from AM by a narrow space.
    expect(writeValue(pen, value, of).replace(/\s/g, ' ')).toBe(text)
  })
})
