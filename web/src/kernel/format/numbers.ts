import { cached } from './cache'

/** A count in full: 128,460. */
export const formatCount = (value: number, locale: string): string =>
  cached(Intl.NumberFormat, locale, { maximumFractionDigits: 0 }).format(value)

/** A count shortened the local way: 128.5K in English, 12.8万 in Chinese. */
export const formatCompact = (value: number, locale: string): string =>
  cached(Intl.NumberFormat, locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value)

const SMALLEST_SHARE = 0.001

/** A fraction of one as a percentage. Small shares keep one decimal, and very small ones do not read as nothing. */
export const formatShare = (fraction: number, locale: string): string => {
  const isTiny = fraction > 0 && fraction < SMALLEST_SHARE / 2
  const told = cached(Intl.NumberFormat, locale, {
    style: 'percent',
    maximumFractionDigits: Math.abs(fraction) < 0.1 ? 1 : 0,
  }).format(isTiny ? SMALLEST_SHARE : fraction)
  return isTiny ? `<${told}` : told
}

/** A plain decimal, such as a K-factor. */
export const formatDecimal = (value: number, locale: string, digits = 2): string =>
  cached(Intl.NumberFormat, locale, { maximumFractionDigits: digits }).format(value)

/** Relative change from before to now; none when there was nothing before. */
export const relativeChange = (now: number, before: number): number | null =>
  before === 0 ? null : (now - before) / before
