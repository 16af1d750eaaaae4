import { describe, expect, it } from 'vitest'
import type { Test } from '../rule/types'
import { city, days, gap, not, say } from './testing'

describe('a test of a trait', () => {
  const span = days(5)
  const at = '2026-03-07T16:00:00Z'
  it.each<[Test, string, string, string, string]>([
    [{ op: 'exists' }, 'is known', 'is not known', '已知', '未知'],
    [{ op: 'missing' }, 'is not known', 'is known', '未知', '已知'],
    [
      { op: 'is', value: '上海' },
      'is “上海”',
      'is not “上海” (or unknown)',
      '为「上海」',
      '不为「上海」（或未知）',
    ],
    [{ op: 'is', value: true }, 'is yes', 'is not yes (or unknown)', '为是', '不为是（或未知）'],
    [
      { op: 'one_of', values: ['a', 2] },
      'is “a” or 2',
      'is not “a” or 2 (or unknown)',
      '为「a」或 2',
      '不为「a」或 2（或未知）',
    ],
    [
      { op: 'contains', value: 'x' },
      'contains “x”',
      'does not contain “x” (or unknown)',
      '包含「x」',
      '不包含「x」（或未知）',
    ],
    [
      { op: 'starts_with', value: 'x' },
      'starts with “x”',
      'does not start with “x” (or unknown)',
      '以「x」开头',
      '不以「x」开头（或未知）',
    ],
    [
      { op: 'more', value: 1000 },
      'is above 1,000',
      'is at most 1,000 (or unknown)',
      '大于 1,000',
      '不大于 1,000（或未知）',
    ],
    [
      { op: 'at_least', value: 1 },
      'is at least 1',
      'is less than 1 (or unknown)',
      '不少于 1',
      '不到 1（或未知）',
    ],
    [{ op: 'less', value: 1 }, 'is below 1', 'is at least 1 (or unknown)', '小于 1', '不小于 1（或未知）'],
    [
      { op: 'at_most', value: 1 },
      'is at most 1',
      'is more than 1 (or unknown)',
      '不超过 1',
      '超过 1（或未知）',
    ],
    [
      { op: 'between', low: 1, high: 2 },
      'is from 1 to 2',
      'is not from 1 to 2 (or unknown)',
      '在 1 到 2 之间',
      '不在 1 到 2 之间（或未知）',
    ],
    [
      { op: 'before', at },
      'is before Mar 8, 2026',
      'is not before Mar 8, 2026 (or unknown)',
      '早于 2026 年 3 月 8 日',
      '不早于 2026 年 3 月 8 日（或未知）',
    ],
    [
      { op: 'after', at },
      'is Mar 8, 2026 or later',
      'is not Mar 8, 2026 or later (or unknown)',
      '在 2026 年 3 月 8 日或之后',
      '不在 2026 年 3 月 8 日或之后（或未知）',
    ],
    [
      { op: 'within_last', span },
      'is within the last 5 days',
      'is not within the last 5 days (or unknown)',
      '在近 5 天内',
      '不在近 5 天内（或未知）',
    ],
    [
      { op: 'longer_ago', span },
      'is at least 5 days ago',
      'is not yet 5 days ago (or unknown)',
      '距今至少 5 天',
      '距今不到 5 天（或未知）',
    ],
    [
      { op: 'exactly_ago', span },
      'is just 5 days ago',
      'is not just 5 days ago (or unknown)',
      '恰好在 5 天前',
      '不是恰好在 5 天前（或未知）',
    ],
    [
      { op: 'within_next', span },
      'is within the next 5 days',
      'is not within the next 5 days (or unknown)',
      '在未来 5 天内',
      '不在未来 5 天内（或未知）',
    ],
    [
      { op: 'anniversary', days: 1 },
      'comes round today or tomorrow',
      'does not come round today or tomorrow (or unknown)',
      '的周年日在今天起 1 天内',
      '的周年日不在今天起 1 天内（或未知）',
    ],
  ])('%j', (test, yes, no, zhYes, zhNo) => {
    expect(say(city(test))).toEqual([`People whose city ${yes}.`, `城市${zhYes}${gap(zhYes)}的用户。`])
    expect(say(not(city(test)))).toEqual([`People whose city ${no}.`, `城市${zhNo}${gap(zhNo)}的用户。`])
  })
})
