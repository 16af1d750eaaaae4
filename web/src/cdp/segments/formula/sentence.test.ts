import { describe, expect, it } from 'vitest'
import { inChinese, inEnglish } from '../sentence/testing'
import { sayFormula } from './sentence'
import type { Formula } from './types'

const order = { name: 'Order Completed' }
const quarter = { amount: 90, unit: 'days' } as const

describe('a formula in one sentence', () => {
  it.each<[string, Omit<Formula, 'version'>, string, string]>([
    [
      'a count',
      { of: 'count', event: order, window: quarter },
      'How many times somebody did “Order Completed” in the last 90 days.',
      '近 90 天内「完成订单」的次数。',
    ],
    [
      'a sum over all time',
      { of: 'sum', event: order, path: 'total' },
      'The sum of total over “Order Completed”.',
      '「完成订单」的总额总和。',
    ],
    [
      'what products are',
      { of: 'most_frequent', event: order, path: 'products.category', window: quarter },
      'The most frequent category of products in “Order Completed” in the last 90 days.',
      '近 90 天内「完成订单」中出现最多的商品品类。',
    ],
    [
      'which product',
      { of: 'distinct', event: order, path: 'products.product_id' },
      'How many different values of product id there are in “Order Completed”.',
      '「完成订单」中不同商品 ID 的个数。',
    ],
    [
      'several events',
      { of: 'best_hour', events: [{ name: 'Message Opened' }, { name: 'Message Clicked' }] },
      'The hour of the day at which somebody does “Message Opened” or “Message Clicked” most often.',
      '「打开消息」或「点击消息链接」最集中的时段（几点）。',
    ],
    [
      'a few of many',
      { of: 'top', event: { name: 'Content Viewed' }, path: 'topic', limit: 3, window: quarter },
      'The 3 most frequent values of topic in “Content Viewed” in the last 90 days.',
      '近 90 天内「浏览内容」中出现最多的 3 个 topic。',
    ],
    [
      'what lacks',
      { of: 'last_value', event: { name: '' }, path: '' },
      'The … of the latest ….',
      '最近一次…的…。',
    ],
  ])('says %s', (_, formula, english, chinese) => {
    const whole: Formula = { version: 1, ...formula }
    expect([sayFormula(inEnglish, whole), sayFormula(inChinese, whole)]).toEqual([english, chinese])
  })
})
