import type { EventNames } from '@/kernel/api'

const WAY_TO_AN_ORDER = [
  'Page Viewed',
  'Product Viewed',
  'Product Added',
  'Checkout Started',
  'Order Completed',
]

/** A funnel to begin with: the usual way to an order as far as its events occur, else the two most frequent. */
export const defaultSteps = ({ items }: EventNames): string[] => {
  const known = new Set(items.map(({ name }) => name))
  const way = WAY_TO_AN_ORDER.filter((name) => known.has(name))
  if (way.length >= 2) return way
  return items.slice(0, 2).map(({ name }) => name)
}
