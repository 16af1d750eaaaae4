import i18next, { type TFunction } from 'i18next'
import { formatCount, formatDecimal, formatInstant, formatMoney, formatShare } from '@/kernel/format'
import { formatClock } from '@/kernel/format/dates'
import kernelEn from '@/kernel/i18n/locales/en.json'
import kernelZh from '@/kernel/i18n/locales/zh-CN.json'
import en from '../locales/en.json'
import zhCN from '../locales/zh-CN.json'
import type { Condition, Test } from '../rule/types'
import { sayRule } from './sentence'
import { NO_NAMES, type Words } from './words'

const ZONE = 'Asia/Shanghai'

await i18next.init({
  lng: 'en',
  interpolation: { escapeValue: false },
  resources: {
    en: { translation: { kernel: kernelEn, cdp: { segments: en } } },
    'zh-CN': { translation: { kernel: kernelZh, cdp: { segments: zhCN } } },
  },
})

const wordsIn = (locale: 'en' | 'zh-CN'): Words => ({
  t: i18next.getFixedT(locale) as TFunction,
  word: (prefix, value) =>
    i18next.exists(`${prefix}.${value}`, { lng: locale })
      ? String(i18next.getFixedT(locale)(`${prefix}.${value}` as never))
      : value,
  format: {
    locale,
    count: (value) => formatCount(value, locale),
    decimal: (value, digits) => formatDecimal(value, locale, digits),
    share: (value) => formatShare(value, locale),
    money: (minor, currency) => formatMoney(minor, currency, locale),
    instant: (at, style) => formatInstant(at, locale, ZONE, style),
    clock: (at, seconds) => formatClock(at, locale, ZONE, seconds),
  },
  currency: 'CNY',
  names: {
    ...NO_NAMES,
    segment: (id) => (id === 3 ? 'VIP' : undefined),
    source: (slug) => ({ douyin: '抖音', red: '小红书' })[slug],
  },
})

export const [inEnglish, inChinese] = [wordsIn('en'), wordsIn('zh-CN')]

/** The sentence of a condition in both languages. */
export const say = (condition: Condition) => [
  sayRule(inEnglish, { version: 1, condition }),
  sayRule(inChinese, { version: 1, condition }),
]

export const not = (condition: Condition): Condition => ({ type: 'not', condition })

export const days = (amount: number) => ({ amount, unit: 'days' as const })

export const city = (test: Test): Condition => ({ type: 'trait', name: 'city', test })

/** Figures keep their distance. */
export const gap = (text: string) => (/[\w%]$/.test(text) ? ' ' : '')
