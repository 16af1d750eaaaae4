import { describe, expect, it } from 'vitest'
import { type DraftGroup, draftGroup, draftLeaf, fromDraft, isGroup, nodeAt, sizeOf, toDraft } from './draft'
import { type Edit, edited } from './edit'
import { fieldOps, freshLeaf, freshTest, measureOps, propertyOps, traitOps } from './fresh'
import { gapsOf, isComplete } from './gaps'
import { historyReducer, newHistory } from './history'
import { conditionAt, depthOf } from './place'
import type { Condition, Leaf, LeafType, Rule, Test } from './types'

const tag = (name: string): Leaf => ({ type: 'tag', tag: name })
const rule = (condition: Condition): Rule => ({ version: 1, condition })

/** A draft as one line: all(a, !any(b)). */
const drawn = (node: DraftGroup): string => {
  const children = node.children.map((child) => {
    if (isGroup(child)) return drawn(child)
    return `${child.isDenied ? '!' : ''}${child.leaf.type === 'tag' ? child.leaf.tag : child.leaf.type}`
  })
  return `${node.isDenied ? '!' : ''}${node.join}(${children.join(', ')})`
}

/** all(a, any(b, c), d), and its nodes by name. */
const aDraft = () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => draftLeaf(tag(name)))
  if (!a || !b || !c || !d) throw new Error('four leaves')
  const inner = draftGroup([b, c], 'any')
  const root = draftGroup([a, inner, d])
  return { a: a.id, b: b.id, c: c.id, d: d.id, inner: inner.id, root }
}

describe('a draft', () => {
  it.each<Condition>([
    tag('a'),
    { type: 'not', condition: tag('a') },
    { type: 'all', conditions: [] },
    { type: 'not', condition: { type: 'any', conditions: [tag('a'), { type: 'not', condition: tag('b') }] } },
    { type: 'any', conditions: [{ type: 'all', conditions: [tag('a'), tag('b')] }, tag('c')] },
  ])('gives back the rule it was made of: %j', (condition) => {
    expect(fromDraft(toDraft(rule(condition))).rule).toEqual(rule(condition))
  })

  it('keeps the meaning of what is denied twice', () => {
    const twice: Condition = { type: 'not', condition: { type: 'not', condition: tag('a') } }
    const draft = toDraft(rule({ type: 'all', conditions: [twice, tag('b')] }))
    expect(drawn(draft)).toBe('all(!all(!a), b)')
  })

  it('knows where the server finds each of its nodes', () => {
    const { root, a, c, inner } = aDraft()
    const denied = edited(root, { type: 'deny', id: inner, isDenied: true })

    const { paths } = fromDraft(denied)

    expect(paths.get(a)).toBe('$.condition.conditions[0]')
    expect(paths.get(c)).toBe('$.condition.conditions[1].condition.conditions[1]')
    expect(nodeAt(paths, '$.condition.conditions[1].condition.conditions[1].tag')).toBe(c)
    expect(nodeAt(paths, '$.condition.conditions[12]')).toBe(root.id)
    expect(nodeAt(paths, '$.version')).toBeNull()
  })

  it('says nothing of a group around one condition', () => {
    const only = draftLeaf(tag('a'))
    const { rule: written, paths } = fromDraft(draftGroup([only]))
    expect(written).toEqual(rule(tag('a')))
    expect(nodeAt(paths, '$.condition.tag')).toBe(only.id)
  })
})

describe('an edit', () => {
  const cases: [string, (nodes: ReturnType<typeof aDraft>) => Edit, string][] = [
    [
      'adds at the end',
      ({ inner }) => ({ type: 'add', groupId: inner, node: draftLeaf(tag('x')) }),
      'all(a, any(b, c, x), d)',
    ],
    [
      'adds in between',
      ({ root }) => ({ type: 'add', groupId: root.id, node: draftLeaf(tag('x')), index: 1 }),
      'all(a, x, any(b, c), d)',
    ],
    ['removes', ({ b }) => ({ type: 'remove', id: b }), 'all(a, any(c), d)'],
    [
      'duplicates a group',
      ({ inner }) => ({ type: 'duplicate', id: inner }),
      'all(a, any(b, c), any(b, c), d)',
    ],
    ['changes a condition', ({ c }) => ({ type: 'leaf', id: c, leaf: tag('x') }), 'all(a, any(b, x), d)'],
    ['denies', ({ a }) => ({ type: 'deny', id: a, isDenied: true }), 'all(!a, any(b, c), d)'],
    [
      'joins otherwise',
      ({ root }) => ({ type: 'join', id: root.id, join: 'any', isDenied: true }),
      '!any(a, any(b, c), d)',
    ],
    ['wraps', ({ a }) => ({ type: 'wrap', id: a }), 'all(any(a), any(b, c), d)'],
    ['unwraps', ({ inner }) => ({ type: 'unwrap', id: inner }), 'all(a, b, c, d)'],
    ['steps down into a group', ({ a }) => ({ type: 'step', id: a, by: 1 }), 'all(any(a, b, c), d)'],
    ['steps up into a group', ({ d }) => ({ type: 'step', id: d, by: -1 }), 'all(a, any(b, c, d))'],
    ['steps past a neighbor', ({ b }) => ({ type: 'step', id: b, by: 1 }), 'all(a, any(c, b), d)'],
    ['steps out of a group above', ({ b }) => ({ type: 'step', id: b, by: -1 }), 'all(a, b, any(c), d)'],
    ['steps out of a group below', ({ c }) => ({ type: 'step', id: c, by: 1 }), 'all(a, any(b), c, d)'],
    ['stays at the very top', ({ a }) => ({ type: 'step', id: a, by: -1 }), 'all(a, any(b, c), d)'],
    [
      'moves down within a group',
      ({ a, root }) => ({ type: 'move', id: a, groupId: root.id, index: 3 }),
      'all(any(b, c), d, a)',
    ],
    [
      'moves into another group',
      ({ d, inner }) => ({ type: 'move', id: d, groupId: inner, index: 1 }),
      'all(a, any(b, d, c))',
    ],
    [
      'never moves a group into itself',
      ({ inner }) => ({ type: 'move', id: inner, groupId: inner, index: 0 }),
      'all(a, any(b, c), d)',
    ],
  ]
  it.each(cases)('%s', (_, edit, expected) => {
    const nodes = aDraft()

    const after = edited(nodes.root, edit(nodes))

    expect(drawn(after)).toBe(expected)
    expect(drawn(nodes.root)).toBe('all(a, any(b, c), d)')
  })

  it('gives a copy ids of its own', () => {
    const { root, inner } = aDraft()
    const ids = (group: DraftGroup): number[] =>
      group.children.flatMap((child) => (isGroup(child) ? [child.id, ...ids(child)] : [child.id]))
    const after = ids(edited(root, { type: 'duplicate', id: inner }))
    expect(new Set(after).size).toBe(after.length)
    expect(sizeOf(root)).toBe(6)
  })
})

describe('the history', () => {
  it('undoes and redoes', () => {
    const { root, b } = aDraft()
    const after = historyReducer(newHistory(root), { type: 'edit', edit: { type: 'remove', id: b }, at: 0 })
    const undone = historyReducer(after, { type: 'undo' })
    expect(drawn(undone.now)).toBe('all(a, any(b, c), d)')
    expect(drawn(historyReducer(undone, { type: 'redo' }).now)).toBe('all(a, any(c), d)')
    expect(historyReducer(newHistory(root), { type: 'undo' }).now).toBe(root)
  })

  it('takes a word typed as one step, and a later one as another', () => {
    const { root, a } = aDraft()
    const type = (name: string, at: number) =>
      ({ type: 'edit', edit: { type: 'leaf', id: a, leaf: tag(name) }, at }) as const
    const typed = [type('v', 0), type('vi', 400), type('vip', 800), type('gold', 9_000)].reduce(
      historyReducer,
      newHistory(root),
    )
    expect(typed.past).toHaveLength(2)
    expect(drawn(historyReducer(typed, { type: 'undo' }).now)).toBe('all(vip, any(b, c), d)')
  })

  it('forgets what was undone once something else is done', () => {
    const { root, a, b } = aDraft()
    const first = historyReducer(newHistory(root), { type: 'edit', edit: { type: 'remove', id: a }, at: 0 })
    const undone = historyReducer(first, { type: 'undo' })
    const second = historyReducer(undone, { type: 'edit', edit: { type: 'remove', id: b }, at: 1 })
    expect(second.future).toEqual([])
  })
})

describe('a new condition', () => {
  const types: LeafType[] = ['event', 'sequence', 'trait', 'tag', 'layer', 'source', 'segment', 'list']
  it.each(types)('of the type %s says what it lacks', (type) => {
    expect(gapsOf(freshLeaf(type)).length).toBeGreaterThan(0)
  })

  it.each<LeafType>(['field', 'reachable', 'domain', 'referral', 'sample'])(
    'of the type %s lacks nothing',
    (type) => {
      expect(gapsOf(freshLeaf(type))).toEqual([])
    },
  )

  it('is incomplete wherever it stands', () => {
    const { root, inner } = aDraft()
    expect(isComplete(root)).toBe(true)
    const node = draftLeaf(freshLeaf('tag'))
    expect(isComplete(edited(root, { type: 'add', groupId: inner, node }))).toBe(false)
  })
})

describe('a test', () => {
  const asked = [...traitOps('unknown'), ...propertyOps('text'), ...fieldOps(true), ...measureOps('count')]

  it.each([...new Set(asked)])('%s can be made anew and out of another', (op) => {
    expect(freshTest(op).op).toBe(op)
    expect(freshTest(op, 'number', { op: 'at_least', value: 3 }).op).toBe(op)
  })

  it('keeps the number when the operator changes', () => {
    expect(freshTest('less', 'number', { op: 'at_least', value: 3 })).toEqual({ op: 'less', value: 3 })
    expect(freshTest('one_of', 'number', { op: 'is', value: 3 })).toEqual({ op: 'one_of', values: [3] })
  })

  it('keeps the span when the operator changes', () => {
    const span = { amount: 3, unit: 'hours' as const }
    expect(freshTest('longer_ago', 'moment', { op: 'within_last', span })).toEqual({ op: 'longer_ago', span })
  })

  it.each<[Test, string[]]>([
    [{ op: 'between', low: 5, high: 2 }, ['range']],
    [{ op: 'at_least', value: Number.NaN }, ['value']],
    [{ op: 'is', value: false }, []],
    [{ op: 'is', value: 0 }, []],
    [{ op: 'is', value: '' }, ['value']],
    [{ op: 'before', at: '' }, ['moment']],
    [{ op: 'within_last', span: { amount: 0, unit: 'days' } }, ['span']],
    [{ op: 'one_of', values: [] }, ['values']],
    [{ op: 'exists' }, []],
  ])('%j lacks %j', (test, gaps) => {
    expect(gapsOf({ type: 'trait', name: 'age', test })).toEqual(gaps)
  })

  it('of an event lacks what its filters lack', () => {
    const leaf: Leaf = {
      type: 'event',
      event: {
        name: 'Order Completed',
        where: [{ type: 'product', where: [{ type: 'property', path: '', test: { op: 'is', value: '' } }] }],
      },
      measure: 'sum',
      test: { op: 'at_least', value: 1 },
      period: {},
    }
    expect(gapsOf(leaf)).toEqual(['property', 'value', 'period'])
  })
})

describe('a place in a rule', () => {
  const denied: Condition = { type: 'not', condition: { type: 'any', conditions: [tag('b'), tag('c')] } }
  const whole = rule({ type: 'all', conditions: [tag('a'), denied] })

  it.each<[string, Condition]>([
    ['$.condition', whole.condition],
    ['$.condition.conditions[0]', tag('a')],
    ['$.condition.conditions[1]', denied],
    ['$.condition.conditions[1].condition.conditions[1]', tag('c')],
    ['$.condition.conditions[0].tag', tag('a')],
    ['$.condition.conditions[7]', whole.condition],
  ])('%s is found', (path, condition) => {
    expect(conditionAt(whole, path)).toEqual(condition)
  })

  it('is as deep as the groups around it', () => {
    expect(depthOf('$.condition')).toBe(0)
    expect(depthOf('$.condition.conditions[1].condition.conditions[1]')).toBe(3)
  })
})
