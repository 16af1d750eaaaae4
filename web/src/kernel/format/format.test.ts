import { describe, expect, it } from 'vitest'
import {
  addDays,
  daysBetween,
  formatAgo,
  formatDay,
  formatInstant,
  formatMonth,
  isDay,
  todayIn,
} from './dates'
import { currencyExponent, formatMoney, fromMinor } from './money'
import { formatCompact, formatShare, relativeChange } from './numbers'

describe('money', () => {
  it.each([
    ['USD', 2, 123_456, 1234.56],
    ['JPY', 0, 123_456, 123_456],
    ['KWD', 3, 123_456, 123.456],
  ])('of %s has %i decimal places', (currency, exponent, minor, units) => {
    expect(currencyExponent(currency)).toBe(exponent)
    expect(fromMinor(minor, currency)).toBe(units)
  })

  it.each([
    [48_600_000, 'CNY', 'zh-CN', '¥48.6万'],
    [48_600_000, 'CNY', 'en', '¥486K'],
    [-23_100_000, 'USD', 'en', '-$231K'],
    [735_040, 'CNY', 'zh-CN', '¥7350'],
    [735_040, 'CNY', 'en', '¥7.4K'],
    [1_250, 'USD', 'en', '$12.5'],
  ])('%i %s is shortened in %s', (minor, currency, locale, text) => {
    expect(formatMoney(minor, currency, locale, { compact: true })).toBe(text)
  })

  it('keeps every minor unit in full', () => {
    expect(formatMoney(123_405, 'USD', 'en')).toBe('$1,234.05')
    expect(formatMoney(500, 'JPY', 'en')).toBe('¥500')
  })
})

describe('counts', () => {
  it.each([
    [128_460, 'en', '128.5K'],
    [128_460, 'zh-CN', '12.8万'],
    [342_000_000, 'zh-CN', '3.4亿'],
    [3960, 'zh-CN', '3960'],
  ])('%i is %s: %s', (value, locale, text) => {
    expect(formatCompact(value, locale)).toBe(text)
  })

  it('small shares keep a decimal', () => {
    expect(formatShare(0.034, 'en')).toBe('3.4%')
    expect(formatShare(0.34, 'en')).toBe('34%')
    expect(formatShare(0.0001, 'en')).toBe('<0.1%')
    expect(formatShare(0, 'en')).toBe('0%')
  })

  it('change from nothing is not a number', () => {
    expect(relativeChange(5, 0)).toBeNull()
    expect(relativeChange(150, 100)).toBe(0.5)
  })
})

describe('dates', () => {
  it('take the day of the workspace, not of the browser', () => {
    const instant = new Date('2026-11-21T18:30:00Z')
    expect(todayIn('Asia/Shanghai', instant)).toBe('2026-11-22')
    expect(todayIn('America/New_York', instant)).toBe('2026-11-21')
    expect(formatInstant(instant.toISOString(), 'en', 'Asia/Shanghai')).toContain('Nov 22, 2026')
  })

  it('count both ends of a period', () => {
    expect(daysBetween('2026-02-27', '2026-03-01')).toBe(3)
    expect(addDays('2026-03-01', -2)).toBe('2026-02-27')
  })

  it('refuse what is not a day', () => {
    expect(isDay('2026-02-30x')).toBe(false)
    expect(isDay('2026-13-01')).toBe(false)
    expect(isDay('2026-12-01')).toBe(true)
  })

  it('read the local way', () => {
    expect(formatDay('2026-11-21', 'en')).toBe('Nov 21')
    expect(formatDay('2026-11-21', 'zh-CN')).toBe('11月21日')
    expect(formatMonth('2026-02', 'en')).toBe('Feb 26')
  })

  it('far away in time are told in the largest unit', () => {
    const now = new Date('2026-11-21T12:00:00Z')
    expect(formatAgo('2026-11-18T11:00:00Z', 'en', now)).toBe('3 days ago')
    expect(formatAgo('2026-11-21T11:58:00Z', 'zh-CN', now)).toBe('2分钟前')
  })
})
