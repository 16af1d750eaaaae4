export const SNIPPETS = [
  { kind: 'curl', label: 'curl' },
  { kind: 'browser', label: 'JavaScript' },
  { kind: 'python', label: 'Python' },
] as const

export type SnippetKind = (typeof SNIPPETS)[number]['kind']

const curl = (origin: string) => `curl ${origin}/v1/track \\
  -u WRITE_KEY: \\
  -H 'Content-Type: application/json' \\
  -d '{
    "userId": "customer-1",
    "event": "Order Completed",
    "properties": { "order_id": "1001", "total": 128.00, "currency": "CNY" }
  }'`

const browser = (origin: string) => `import { AnalyticsBrowser } from '@segment/analytics-next'

const analytics = AnalyticsBrowser.load(
  { writeKey: 'WRITE_KEY', cdnURL: '${origin}' },
  { integrations: { 'Segment.io': { apiHost: '${origin.replace(/^https?:\/\//, '')}/v1', protocol: '${origin.split(':')[0]}' } } },
)
analytics.track('Product Viewed', { product_id: 'T-18', name: 'Green tea' })`

const python = (origin: string) => `import segment.analytics as analytics

analytics.write_key = "WRITE_KEY"
analytics.host = "${origin}"
analytics.track("customer-1", "Order Completed",
                {"order_id": "1001", "total": 128.00, "currency": "CNY"})
analytics.flush()`

/** A first event in the reader's language, with this server's address in it. */
export const snippet = (kind: SnippetKind, origin: string): string =>
  ({ curl, browser, python })[kind](origin)
