import { describe, expect, it } from 'vitest'
import type { Condition, Leaf } from '../rule/types'
import { city, days, gap, not, say } from './testing'

const event = (name: string, changes: Partial<Extract<Leaf, { type: 'event' }>> = {}): Condition => ({
  type: 'event',
  event: { name },
  test: { op: 'at_least', value: 1 },
  ...changes,
})

const buyer = event('Order Completed')
const vip: Condition = { type: 'tag', tag: 'vip' }

describe('a rule in one sentence', () => {
  it.each<[string, Condition, string, string]>([
    ['everybody', { type: 'all', conditions: [] }, 'Everybody.', '全部用户。'],
    [
      'nobody',
      { type: 'any', conditions: [] },
      'Nobody: a group of which any condition must hold has none.',
      '没有用户：“满足任一”的条件组里还没有条件。',
    ],
    [
      'all',
      { type: 'all', conditions: [vip, buyer] },
      'People who have the tag “vip”, and who did “Order Completed”.',
      '带有标签「vip」，且做过「完成订单」的用户。',
    ],
    [
      'any within all',
      { type: 'all', conditions: [vip, { type: 'any', conditions: [buyer, not(vip)] }] },
      'People who have the tag “vip”, and (who did “Order Completed”, or who do not have the tag “vip”).',
      '带有标签「vip」，且（做过「完成订单」，或没有标签「vip」）的用户。',
    ],
    [
      'a denied group',
      { type: 'all', conditions: [buyer, not({ type: 'any', conditions: [vip, city({ op: 'missing' })] })] },
      'People who did “Order Completed”, and who are not among those (who have the tag “vip”, or whose city is not known).',
      '做过「完成订单」，且不属于（带有标签「vip」，或城市未知）的用户。',
    ],
    ['a denial denied', not(not(vip)), 'People who have the tag “vip”.', '带有标签「vip」的用户。'],
  ])('says %s', (_, condition, english, chinese) => {
    expect(say(condition)).toEqual([english, chinese])
  })
})

describe('a condition in words', () => {
  it.each<[string, Condition, string, string]>([
    [
      'somebody who never bought',
      { type: 'field', name: 'order_count', test: { op: 'at_most', value: 0 } },
      'who have not ordered',
      '没有下过单',
    ],
    [
      'a buyer',
      not({ type: 'field', name: 'order_count', test: { op: 'less', value: 1 } }),
      'who have ordered',
      '下过单',
    ],
    ['a tag', vip, 'who have the tag “vip”', '带有标签「vip」'],
    ['no tag', not(vip), 'who do not have the tag “vip”', '没有标签「vip」'],
    [
      'a layer',
      { type: 'layer', layer: 'stage', classes: ['convert', 'share'] },
      'whose stage is “Convert” or “Share”',
      '阶段为「成交转化」或「分享裂变」',
    ],
    [
      'a layer of the brand',
      not({ type: 'layer', layer: 'club', classes: ['gold'] }),
      'whose club is not “gold”',
      'club 不为「gold」',
    ],
    ['reachable', { type: 'reachable' }, 'whom marketing may reach on some channel', '可通过任一渠道触达'],
    [
      'reachable by a channel',
      { type: 'reachable', channel: 'sms' },
      'whom marketing may reach by SMS',
      '可通过短信触达',
    ],
    [
      'sources',
      { type: 'source', sources: ['douyin', 'red'], touch: 'first' },
      'whose first touch came from “抖音” or “小红书”',
      '首次触点来自「抖音」或「小红书」',
    ],
    [
      'a domain',
      not({ type: 'domain', domain: 'commercial', touch: 'last' }),
      'whose last touch did not come from “Commercial domain”',
      '末次触点不来自「商域」',
    ],
    ['who brought', { type: 'referral', role: 'inviter' }, 'who have brought somebody along', '邀请过他人'],
    [
      'who was brought',
      { type: 'referral', role: 'invitee' },
      'whom somebody brought along',
      '由他人邀请而来',
    ],
    ['a segment', { type: 'segment', segment_id: 3 }, 'who are in the segment “VIP”', '属于分群「VIP」'],
    [
      'a segment that is gone',
      { type: 'segment', segment_id: 9 },
      'who are in the segment no. 9',
      '属于分群编号 9',
    ],
    ['a list', not({ type: 'list', list_id: 4 }), 'who are not on the list no. 4', '不在名单编号 4 中'],
    [
      'a sample',
      { type: 'sample', percent: 12.5 },
      'who are in a random 12.5% that stays the same',
      '属于固定随机抽取的 12.5%',
    ],
    ['what was not done', not(buyer), 'who did not do “Order Completed”', '没有做过「完成订单」'],
    [
      'what was done lately',
      event('Live Joined', { test: { op: 'at_least', value: 3 }, within: days(30) }),
      'who did “Live Joined” at least 3 times in the last 30 days',
      '近 30 天内做过「进入直播间」至少 3 次',
    ],
    [
      'a denied count as its opposite',
      not(event('Live Joined', { test: { op: 'at_least', value: 3 } })),
      'who did “Live Joined” fewer than 3 times',
      '做过「进入直播间」少于 3 次',
    ],
    [
      'a denied exact count',
      not(event('Live Joined', { test: { op: 'is', value: 3 }, within: days(1) })),
      'whose number of “Live Joined” in the last 1 day is not 3',
      '近 1 天内「进入直播间」的次数不为 3',
    ],
    [
      'a page',
      event('Pricing', { event: { name: 'Pricing', kind: 'page' }, test: { op: 'at_most', value: 0 } }),
      'who did not see the page “Pricing”',
      '没有浏览过页面「Pricing」',
    ],
    [
      'a sum',
      event('Order Completed', {
        measure: 'sum',
        of: 'total',
        test: { op: 'at_least', value: 500 },
        within: days(90),
      }),
      'whose sum of total over “Order Completed” in the last 90 days is at least 500',
      '近 90 天内「完成订单」的总额总和不少于 500',
    ],
    [
      'the first time',
      event('Order Completed', { measure: 'first', test: { op: 'within_last', span: days(7) } }),
      'whose first “Order Completed” is within the last 7 days',
      '首次「完成订单」在近 7 天内',
    ],
    [
      'filters and products',
      event('Order Completed', {
        event: {
          name: 'Order Completed',
          where: [
            { type: 'property', path: 'total', test: { op: 'more', value: 99.5 } },
            {
              type: 'product',
              where: [
                { type: 'property', path: 'category', test: { op: 'is', value: '美妆' } },
                { type: 'property', path: 'price', test: { op: 'between', low: 10, high: 20 } },
              ],
            },
          ],
        },
      }),
      'who did “Order Completed” where total is above 99.5 and one product’s category is “美妆” and its price is from 10 to 20',
      '做过「完成订单」（总额大于 99.5，且含品类为「美妆」、价格在 10 到 20 之间的商品）',
    ],
    [
      'fixed dates',
      event('Live Joined', {
        period: { begin: '2026-10-31T16:00:00Z', end: '2026-11-11T04:30:00Z' },
        test: { op: 'between', low: 2, high: 4 },
      }),
      'who did “Live Joined” 2 to 4 times from Nov 1, 2026 until just before Nov 11, 2026, 12:30 PM',
      '2026 年 11 月 1 日起至 2026 年 11 月 11 日 12:30 之前做过「进入直播间」2 到 4 次',
    ],
    [
      'a sequence',
      {
        type: 'sequence',
        steps: [{ name: 'Product Viewed' }, { name: 'Home', kind: 'page' }],
        within: days(7),
        completed: { amount: 1, unit: 'weeks' },
      },
      'who did “Product Viewed”, then the page “Home”, all within 7 days and the last step in the last 1 week',
      '在 7 天内先后做过「浏览商品」 → 页面「Home」，最后一步在近 1 周内',
    ],
    [
      'money',
      { type: 'field', name: 'revenue_minor', test: { op: 'at_least', value: 50_000 } },
      'whose net revenue is at least ¥500.00',
      '净收入不少于 ¥500.00',
    ],
    [
      'a count denied',
      not({ type: 'field', name: 'order_count', test: { op: 'more', value: 2 } }),
      'whose number of orders is at most 2',
      '订单数不超过 2',
    ],
    [
      'a moment denied',
      not({ type: 'field', name: 'converted_at', test: { op: 'longer_ago', span: days(60) } }),
      'whose arrival at Convert is not yet 60 days ago (or unknown)',
      '进入“成交转化”距今不到 60 天（或未知）',
    ],
    [
      'a moment that has come',
      { type: 'field', name: 'shared_at', test: { op: 'exists' } },
      'whose arrival at Share has happened',
      '进入“分享裂变”已发生',
    ],
    [
      'a birthday',
      { type: 'trait', name: 'birthday', test: { op: 'anniversary', days: 7 } },
      'whose birthday is today or within 7 days',
      '今天起 7 天内过生日',
    ],
    [
      'another anniversary',
      { type: 'trait', name: 'member_since', test: { op: 'anniversary', days: 0 } },
      'whose member_since comes round today',
      'member_since 的周年日是今天',
    ],
  ])('%s', (_, condition, english, chinese) => {
    expect(say(condition)).toEqual([`People ${english}.`, `${chinese}${gap(chinese)}的用户。`])
  })
})

describe('a sentence of a rule that is not finished', () => {
  it('shows where something is missing, and never a number that is none', () => {
    const unfinished: Condition = {
      type: 'all',
      conditions: [
        event('', {
          test: { op: 'at_least', value: Number.NaN },
          within: { amount: Number.NaN, unit: 'days' },
        }),
        city({ op: 'one_of', values: [] }),
        { type: 'segment', segment_id: 0 },
        { type: 'layer', layer: '', classes: [] },
        { type: 'source', sources: [] },
        { type: 'sample', percent: Number.NaN },
        { type: 'trait', name: '', test: { op: 'before', at: '' } },
      ],
    }

    for (const sentence of say(unfinished)) {
      expect(sentence).toContain('…')
      expect(sentence).not.toMatch(/NaN|undefined|cdp\.|kernel\./)
    }
  })
})
