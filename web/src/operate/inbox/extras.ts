import type { Formats } from '@/kernel/format'
import type { Attachment, Coupon, Order, Product } from './queries'

/** Something that goes along with an answer, beside what is typed. */
export interface Extra {
  key: string
  /** How it stands above the composer until it is sent. */
  label: string
  kind: 'image' | 'voice' | 'video' | 'file' | 'product' | 'coupon' | 'order'
  part: Record<string, unknown>
}

/** What is about to be said. */
export interface Answer {
  text: string
  extras: Extra[]
  subject?: string
  templateVersionId?: number
}

/** Whether a channel shows something in a form of its own; else it goes as words with a link. */
export const isNative = ({ kind }: Extra, capabilities: readonly string[]): boolean =>
  capabilities.includes('email') ||
  capabilities.includes(kind === 'product' || kind === 'coupon' || kind === 'order' ? 'card' : kind)

export const fileExtra = ({ media_id, kind, name }: Attachment): Extra => ({
  key: `media-${media_id}`,
  label: name,
  kind,
  part: { type: 'media', kind, media_id, name },
})

/** A product as a card: what it is called, costs and looks like, and where it is bought. */
export const productExtra = (product: Product, format: Formats): Extra => {
  const price =
    product.price_minor != null && product.currency ? format.money(product.price_minor, product.currency) : ''
  return {
    key: `product-${product.product_id}`,
    label: product.name || product.product_id,
    kind: 'product',
    part: {
      type: 'card',
      title: product.name || product.product_id,
      text: price,
      image_url: product.image_url || null,
      url: product.url || null,
      about: 'product',
      about_id: product.product_id,
    },
  }
}

export const couponExtra = ({ code, title, terms, url }: Coupon): Extra => ({
  key: `coupon-${code}`,
  label: title || code,
  kind: 'coupon',
  part: {
    type: 'card',
    title: title || code,
    text: [code, terms].filter((line) => line && line !== title).join('\n'),
    url: url || null,
    about: 'coupon',
    about_id: code,
  },
})

/** An order in a few lines, as an agent would write it. */
export const orderText = (order: Order, status: string, format: Formats): string => {
  const lines = order.lines.map(
    ({ product_name, product_id, quantity }) => `${Number(quantity)} × ${product_name || product_id}`,
  )
  const total = format.money(order.net_minor, order.currency)
  return [
    `${order.order_id} · ${format.instant(order.placed_at, 'date')} · ${status} · ${total}`,
    ...lines,
  ].join('\n')
}

export const orderExtra = (order: Order, status: string, format: Formats): Extra => {
  const [head = '', ...lines] = orderText(order, status, format).split('\n')
  return {
    key: `order-${order.order_id}`,
    label: order.order_id,
    kind: 'order',
    part: { type: 'card', title: head, text: lines.join('\n'), about: 'order', about_id: order.order_id },
  }
}
