import { describe, expect, it } from 'vitest'
import { nodeAt, toDraft } from '../rule/draft'
import { conditionAt } from '../rule/place'
import { compositionRule, countsOf, partsOf } from './composition'

describe('the composition of a segment', () => {
  const parts = partsOf(['introduce', 'convert'], ['douyin'])
  const rule = compositionRule(7, parts)

  it('asks for each part among the segment’s people', () => {
    expect(conditionAt(rule, '$.condition.conditions[6]')).toEqual({
      type: 'all',
      conditions: [
        { type: 'segment', segment_id: 7 },
        { type: 'source', sources: ['douyin'], touch: 'first' },
      ],
    })
    expect(toDraft(rule).children).toHaveLength(7)
    expect(nodeAt(new Map(), '$')).toBeNull()
  })

  it('takes the count of each group for its part, and nothing for one that was not told', () => {
    const told = [
      { path: '$.condition', people: 9 },
      { path: '$.condition.conditions[1]', people: 5 },
      { path: '$.condition.conditions[1].conditions[0]', people: 9 },
      { path: '$.condition.conditions[6]', people: 2 },
    ]
    expect(countsOf(parts, told)).toEqual([0, 5, 0, 0, 0, 0, 2])
  })
})
