import { cached } from './cache'

/** Currencies whose minor unit is not a hundredth (ISO 4217). */
const EXPONENTS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
}

/** How many decimal places the currency's minor unit stands for. */
export const currencyExponent = (currency: string): number => EXPONENTS[currency] ?? 2

/** An amount in minor units as a number of whole units. */
export const fromMinor = (minor: number, currency: string): number => minor / 10 ** currencyExponent(currency)

export interface MoneyOptions {
  /** Shorten: ¥48.6万, $1.2M. */
  compact?: boolean
}

/** From here on, decimals of an amount that has not been shortened only stand in the way. */
const LARGE = 100

const shortened = (units: number, locale: string, currency: Intl.NumberFormatOptions): string => {
  const parts = cached(Intl.NumberFormat, locale, {
    ...currency,
    notation: 'compact',
    minimumFractionDigits: 0,
    maximumFractionDigits: 1,
  }).formatToParts(units)
  // Chinese shortens from ten thousand on: below it there would be ¥7350.4 beside ¥4.2万.
  const isWhole = Math.abs(units) >= LARGE && parts.every(({ type }) => type !== 'compact')
  if (!isWhole) return parts.map(({ value }) => value).join('')
  return cached(Intl.NumberFormat, locale, {
    ...currency,
    notation: 'compact',
    maximumFractionDigits: 0,
  }).format(units)
}

/** An amount in minor units, written the way readers of the locale write it. */
export const formatMoney = (
  minor: number,
  currency: string,
  locale: string,
  { compact = false }: MoneyOptions = {},
): string => {
  const exponent = currencyExponent(currency)
  const units = fromMinor(minor, currency)
  const style = { style: 'currency' as const, currency, currencyDisplay: 'narrowSymbol' as const }
  if (compact) return shortened(units, locale, style)
  return cached(Intl.NumberFormat, locale, {
    ...style,
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  }).format(units)
}
