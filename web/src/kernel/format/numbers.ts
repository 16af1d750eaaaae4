import { cached } from './cache'

/** A count in full: 128,460. */
export const formatCount = (value: number, locale: string): string =>
  cached(Intl.NumberFormat, locale, { maximumFractionDigits: 0 }).format(value)

/** A count shortened the local way: 128.5K in English, 12.8万 in Chinese. */
export const formatCompact = (value: number, locale: string): string =>
  cached(Intl.NumberFormat, locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value)

/** A fraction of one as a percentage. Small shares keep one decimal so that they do not read as nothing. */
export const formatShare = (fraction: number, locale: string): string =>
  cached(Intl.NumberFormat, locale, {
    style: 'percent',
    maximumFractionDigits: Math.abs(fraction) < 0.1 ? 1 : 0,
  }).format(fraction)

/** A plain decimal, such as a K-factor. */
export const formatDecimal = (value: number, locale: string, digits = 2): string =>
  cached(Intl.NumberFormat, locale, { maximumFractionDigits: digits }).format(value)

/** Relative change from before to now; none when there was nothing before. */
export const relativeChange = (now: number, before: number): number | null =>
  before === 0 ? null : (now - before) / before
