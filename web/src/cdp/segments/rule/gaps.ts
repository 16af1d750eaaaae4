import { type DraftNode, leavesOf } from './draft'
import { type EventLeaf, type Leaf, needsPath, type Selector, type Span, type Test } from './types'

/** What a condition still lacks before it can be asked about. */
export type Gap =
  | 'event'
  | 'property'
  | 'value'
  | 'values'
  | 'range'
  | 'moment'
  | 'span'
  | 'trait'
  | 'tag'
  | 'layer'
  | 'classes'
  | 'sources'
  | 'segment'
  | 'list'
  | 'percent'
  | 'steps'
  | 'period'

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || Number.isNaN(value)

const ofSpan = (span: Span): Gap[] => (isNumber(span.amount) && span.amount >= 1 ? [] : ['span'])

const ofTest = (test: Test): Gap[] => {
  switch (test.op) {
    case 'exists':
    case 'missing':
      return []
    case 'is':
    case 'contains':
    case 'starts_with':
      return isBlank(test.value) ? ['value'] : []
    case 'one_of':
      return test.values.length === 0 ? ['values'] : []
    case 'more':
    case 'at_least':
    case 'less':
    case 'at_most':
      return isNumber(test.value) ? [] : ['value']
    case 'between':
      return isNumber(test.low) && isNumber(test.high) && test.low <= test.high ? [] : ['range']
    case 'before':
    case 'after':
      return test.at ? [] : ['moment']
    case 'anniversary':
      return isNumber(test.days) ? [] : ['value']
    default:
      return ofSpan(test.span)
  }
}

const ofSelector = ({ name, where = [] }: Selector): Gap[] => [
  ...(name ? [] : (['event'] as const)),
  ...where
    .flatMap((filter) => (filter.type === 'product' ? filter.where : [filter]))
    .flatMap(({ path, test }): Gap[] => [...(path ? [] : (['property'] as const)), ...ofTest(test)]),
]

const ofEvent = (leaf: EventLeaf): Gap[] => [
  ...ofSelector(leaf.event),
  ...(needsPath(leaf.measure ?? 'count') && !leaf.of ? (['property'] as const) : []),
  ...ofTest(leaf.test),
  ...(leaf.within ? ofSpan(leaf.within) : []),
  ...(leaf.period && !leaf.period.begin && !leaf.period.end ? (['period'] as const) : []),
]

const all = (leaf: Leaf): Gap[] => {
  switch (leaf.type) {
    case 'trait':
      return [...(leaf.name ? [] : (['trait'] as const)), ...ofTest(leaf.test)]
    case 'field':
      return ofTest(leaf.test)
    case 'tag':
      return leaf.tag ? [] : ['tag']
    case 'layer':
      return leaf.layer ? (leaf.classes.length > 0 ? [] : ['classes']) : ['layer']
    case 'source':
      return leaf.sources.length > 0 ? [] : ['sources']
    case 'segment':
      return leaf.segment_id ? [] : ['segment']
    case 'list':
      return leaf.list_id ? [] : ['list']
    case 'sample':
      return isNumber(leaf.percent) && leaf.percent >= 0 && leaf.percent <= 100 ? [] : ['percent']
    case 'event':
      return ofEvent(leaf)
    case 'sequence':
      return [
        ...(leaf.steps.length < 2 ? (['steps'] as const) : []),
        ...leaf.steps.flatMap(ofSelector),
        ...ofSpan(leaf.within),
        ...(leaf.completed ? ofSpan(leaf.completed) : []),
      ]
    default:
      return []
  }
}

/** What a condition lacks, each thing once. */
export const gapsOf = (leaf: Leaf): Gap[] => [...new Set(all(leaf))]

/** Whether a draft can be sent: every condition says all it has to. */
export const isComplete = (node: DraftNode): boolean =>
  leavesOf(node).every(({ leaf }) => gapsOf(leaf).length === 0)
