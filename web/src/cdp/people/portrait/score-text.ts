import { currencyExponent, type Formats } from '@/kernel/format'

/** What the measurement says of a person, in the order in which it is read. */
export const SCORES = ['clv_12m', 'p_alive', 'next_purchase_due', 'rfm_tier'] as const
export type ScoreName = (typeof SCORES)[number]

type Writes = Pick<Formats, 'money' | 'share' | 'day'>

/** A score as its readers write it: money, a share, a date; one of another shape as it is. */
export const scoreText = (name: ScoreName, value: unknown, currency: string, format: Writes): string => {
  if (typeof value === 'number') {
    if (name === 'clv_12m')
      return format.money(Math.round(value * 10 ** currencyExponent(currency)), currency)
    if (name === 'p_alive') return format.share(value)
  }
  const text = String(value)
  if (name === 'next_purchase_due' && /^\d{4}-\d{2}-\d{2}$/.test(text))
    return format.day(text, { withYear: true })
  return name === 'rfm_tier' ? text.replace(/^(\d)-(\d)$/, 'R$1 · F$2') : text
}
