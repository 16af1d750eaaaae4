import { describe, expect, it } from 'vitest'
import { grown, lengthOf, NOTHING, pagesAround } from './extent'
import { countOf, EVERYBODY, isIn, NOBODY, stateOf, withPeople } from './selection'

const SIZE = 200

const aPage = (count: number, changes: { next?: boolean; total?: number; isExact?: boolean } = {}) => ({
  items: Array.from({ length: count }),
  next_cursor: changes.next ? 'more' : null,
  total: changes.total ?? 100_000,
  total_is_estimate: !changes.isExact,
})

describe('the length of the list', () => {
  it('is what the server counted', () => {
    expect(lengthOf(grown(NOTHING, aPage(200, { next: true, total: 812, isExact: true }), 0, SIZE))).toBe(812)
  })

  it('is a guess until its end is seen', () => {
    const first = grown(NOTHING, aPage(200, { next: true, total: 100_500 }), 0, SIZE)
    expect(lengthOf(first)).toBe(100_500)
    const last = grown(first, aPage(37, { total: 100_500 }), 100_200, SIZE)
    expect(lengthOf(last)).toBe(100_237)
  })

  it('shrinks to where a page beyond the end began, and then to the end', () => {
    const beyond = grown(NOTHING, aPage(0, { total: 90_000 }), 80_000, SIZE)
    expect(lengthOf(beyond)).toBe(80_000)
    expect(lengthOf(grown(beyond, aPage(11, { total: 90_000 }), 79_800, SIZE))).toBe(79_811)
  })

  it('grows past a guess that was too low', () => {
    expect(lengthOf(grown(NOTHING, aPage(200, { next: true, total: 10_001 }), 10_000, SIZE))).toBe(10_201)
  })
})

describe('the pages wanted', () => {
  it('are those of the rows drawn and of the next ones', () => {
    expect(pagesAround(0, 44, SIZE, 100_000)).toEqual([0])
    expect(pagesAround(20, 64, SIZE, 100_000)).toEqual([0, 1])
    expect(pagesAround(480, 524, SIZE, 100_000)).toEqual([1, 2, 3])
    expect(pagesAround(99_960, 100_000, SIZE, 100_000)).toEqual([499])
  })

  it('are the first one of a list that is not known yet', () => {
    expect(pagesAround(0, 60, SIZE, 0)).toEqual([0])
  })
})

describe('who is ticked', () => {
  it('are those who were, and no others', () => {
    const some = withPeople(withPeople(NOBODY, [1, 2, 3], true), [2], false)
    expect([1, 2, 3, 4].map((id) => isIn(some, id))).toEqual([true, false, true, false])
    expect([countOf(some, 900), stateOf(some, 900)]).toEqual([2, 'some'])
  })

  it('are all but those who were unticked again', () => {
    const most = withPeople(withPeople(EVERYBODY, [1, 2], false), [2], true)
    expect([1, 2, 3].map((id) => isIn(most, id))).toEqual([false, true, true])
    expect([countOf(most, 900), stateOf(most, 900)]).toEqual([899, 'some'])
    expect(stateOf(EVERYBODY, 900)).toBe('all')
    expect(stateOf(NOBODY, 900)).toBe('none')
  })
})
