import type { TimelineEvent } from '@/kernel/api'
import type { Formats } from '@/kernel/format'

const text = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== ''
    ? value.trim()
    : typeof value === 'number'
      ? String(value)
      : null

const productNames = (products: unknown): string | null => {
  if (!Array.isArray(products)) return null
  const names = products.map((each) => text((each as Record<string, unknown> | null)?.name)).filter(Boolean)
  return names.length > 0 ? names.join(', ') : null
}

/** Properties worth a word in one line, most telling first. */
const TELLING = ['order_id', 'name', 'title', 'channel', 'text', 'code', 'coupon', 'url', 'path'] as const

/** The gist of an event in one line: the amount, the goods, the channel, the text. */
export const summarize = ({ properties }: TimelineEvent, format: Pick<Formats, 'decimal'>): string => {
  const amount = properties.total ?? properties.revenue ?? properties.value
  const money =
    typeof amount === 'number' ? `${format.decimal(amount)} ${text(properties.currency) ?? ''}`.trim() : null
  const words = TELLING.map((key) => text(properties[key]))
  return [money, productNames(properties.products), ...words].filter(Boolean).slice(0, 3).join(' · ')
}

/** Events under the local day on which they happened; the order stays. */
export const groupByDay = (
  events: readonly TimelineEvent[],
  dayOf: (instant: string) => string,
): [string, TimelineEvent[]][] => {
  const days = new Map<string, TimelineEvent[]>()
  for (const event of events) {
    const day = dayOf(event.occurred_at)
    days.set(day, [...(days.get(day) ?? []), event])
  }
  return [...days]
}
