import type { Condition, EventLeaf, Rule, Span } from './rule/types'

const days = (amount: number): Span => ({ amount, unit: 'days' })

const did = (name: string, least: number, within: Span): EventLeaf => ({
  type: 'event',
  event: { name },
  measure: 'count',
  test: { op: 'at_least', value: least },
  within,
})

const not = (condition: Condition): Condition => ({ type: 'not', condition })

const neverBought: Condition = { type: 'field', name: 'order_count', test: { op: 'at_most', value: 0 } }
const hasBought: Condition = { type: 'field', name: 'order_count', test: { op: 'at_least', value: 1 } }
const reachable: Condition = { type: 'reachable', channel: 'any' }

/** Rules that operators ask for most, each ready to be changed. */
const CONDITIONS = {
  boughtOnce: [
    { type: 'field', name: 'order_count', test: { op: 'is', value: 1 } },
    not(did('Order Completed', 1, days(60))),
  ],
  highIntent: [did('Live Joined', 3, days(30)), did('Message Received', 1, days(30)), neverBought],
  leftCheckout: [did('Checkout Started', 1, days(3)), not(did('Order Completed', 1, days(3)))],
  wanting: [
    {
      type: 'sequence',
      steps: [{ name: 'Product Viewed' }, { name: 'Product Added' }],
      within: days(1),
      completed: days(7),
    },
    not(did('Order Completed', 1, days(7))),
  ],
  newFans: [{ type: 'field', name: 'operated_at', test: { op: 'within_last', span: days(7) } }, neverBought],
  birthday: [{ type: 'trait', name: 'birthday', test: { op: 'anniversary', days: 7 } }, reachable],
  regulars: [
    { type: 'field', name: 'order_count', test: { op: 'at_least', value: 3 } },
    { type: 'field', name: 'last_seen_at', test: { op: 'within_last', span: days(90) } },
  ],
  sleeping: [
    hasBought,
    { type: 'field', name: 'last_seen_at', test: { op: 'longer_ago', span: days(90) } },
    reachable,
  ],
  ambassadors: [{ type: 'referral', role: 'inviter' }, hasBought],
  paidNotBought: [
    { type: 'domain', domain: 'commercial', touch: 'first' },
    { type: 'field', name: 'first_seen_at', test: { op: 'within_last', span: days(14) } },
    neverBought,
  ],
} satisfies Record<string, Condition[]>

export type TemplateKey = keyof typeof CONDITIONS

export const TEMPLATES = Object.keys(CONDITIONS) as TemplateKey[]

export const isTemplate = (value: unknown): value is TemplateKey => TEMPLATES.includes(value as TemplateKey)

export const templateRule = (key: TemplateKey): Rule => ({
  version: 1,
  condition: { type: 'all', conditions: CONDITIONS[key] },
})

/** Where a segment of one's own begins: one thing done lately. */
export const EMPTY_RULE: Rule = { version: 1, condition: { type: 'all', conditions: [] } }
