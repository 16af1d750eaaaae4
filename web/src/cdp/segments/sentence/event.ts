import type { EventLeaf, Filter, Op, Selector, SequenceLeaf, Test } from '../rule/types'
import { isMomentMeasure, needsPath } from '../rule/types'
import { isMomentTest, type Side, saySpan, sayTest, takesInUnknown } from './test'
import { moment, number, oneOf, quoted, spokenOf, type Words, whose } from './words'

const nameOf = (words: Words, { name, kind = 'track' }: Selector): string => {
  const known = kind === 'track' ? words.word('cdp.segments.words.event', name) : name
  return quoted(words, known)
}

const sayFilter = (words: Words, filter: Filter): string => {
  const { t } = words
  if (filter.type === 'product') {
    const tests = filter.where.map((each) => sayFilter(words, each)).join(t('cdp.segments.say.productAnd'))
    return t('cdp.segments.say.product', { tests })
  }
  const path = filter.path
    ? words.word('cdp.segments.words.property', filter.path)
    : t('cdp.segments.say.blank')
  return spokenOf(words, path, sayTest(words, filter.test, { isMoment: isMomentTest(filter.test) }))
}

const filtered = (words: Words, event: string, { where = [] }: Selector): string => {
  if (where.length === 0) return event
  const { t } = words
  const filters = where.map((filter) => sayFilter(words, filter)).join(t('cdp.segments.say.filterAnd'))
  return t('cdp.segments.say.filtered', { event, filters })
}

/** An event with its filters, without the verb that fits its kind. */
const bare = (words: Words, selector: Selector): string => filtered(words, nameOf(words, selector), selector)

/** An event with its filters, as a noun. */
export const saySelector = (words: Words, selector: Selector): string =>
  filtered(
    words,
    words.t(`cdp.segments.say.event.${selector.kind ?? 'track'}`, { name: nameOf(words, selector) }),
    selector,
  )

/** When: one of the spans up to now, fixed dates, or ever. */
const sayWhen = (words: Words, { within, period }: EventLeaf): string => {
  const { t } = words
  if (within) return t('cdp.segments.say.when.within', { span: saySpan(words, within) })
  const [begin, end] = [moment(words, period?.begin), moment(words, period?.end)]
  if (period?.begin && period.end) return t('cdp.segments.say.when.between', { begin, end })
  if (period?.begin) return t('cdp.segments.say.when.since', { begin })
  if (period?.end) return t('cdp.segments.say.when.until', { end })
  return ''
}

// A count and a sum always exist, so that the opposite of one of these tests is another.
const OPPOSITE: Partial<Record<Op, Op>> = {
  at_least: 'less',
  less: 'at_least',
  more: 'at_most',
  at_most: 'more',
}

/** A test of something that everybody has, denied by its opposite where there is one. */
export const settled = (test: Test, side: Side): [Test, Side] => {
  const opposite = side === 'no' ? OPPOSITE[test.op] : undefined
  return opposite ? [{ ...test, op: opposite } as Test, 'yes'] : [test, side]
}

/** Whether a count's test asks for any at all, or for none; null if for more than that. */
export const asksForAny = (test: Test): Side | null => {
  if (test.op === 'at_least' && test.value === 1) return 'yes'
  if (test.op === 'more' && test.value === 0) return 'yes'
  if (test.op === 'less' && test.value === 1) return 'no'
  if ((test.op === 'at_most' || test.op === 'is') && test.value === 0) return 'no'
  return null
}

const sayTimes = (words: Words, test: Test): string | null => {
  const { t } = words
  switch (test.op) {
    case 'at_least':
    case 'more':
    case 'at_most':
    case 'less':
    case 'is': {
      if (typeof test.value !== 'number') return null
      const count = Number.isFinite(test.value) ? test.value : 2
      return t(`cdp.segments.say.times.${test.op}`, { count, shown: number(words, test.value) })
    }
    case 'between':
      return t('cdp.segments.say.times.between', {
        low: number(words, test.low),
        high: number(words, test.high),
      })
    case 'one_of':
      return t('cdp.segments.say.times.one_of', { values: oneOf(words, test.values.map(String)) })
    default:
      return null
  }
}

const sayMeasure = (words: Words, leaf: EventLeaf, side: Side): string => {
  const { t } = words
  const measure = leaf.measure ?? 'count'
  const of = leaf.of ? words.word('cdp.segments.words.property', leaf.of) : t('cdp.segments.say.blank')
  const subject = t(`cdp.segments.say.measure.${measure}`, {
    event: saySelector(words, leaf.event),
    when: sayWhen(words, leaf),
    of: needsPath(measure) ? of : '',
  })
  const isAlwaysThere = measure === 'count' || measure === 'sum'
  const [test, told] = isAlwaysThere ? settled(leaf.test, side) : [leaf.test, side]
  const predicate = sayTest(words, test, { isMoment: isMomentMeasure(measure) }, told)
  const clause = whose(words, subject, predicate)
  const isOpen = side === 'no' && !isAlwaysThere && takesInUnknown(test)
  return isOpen ? t('cdp.segments.say.orUnknown', { text: clause }) : clause
}

/** What somebody did or did not do. */
export const sayEvent = (words: Words, leaf: EventLeaf, side: Side): string => {
  if ((leaf.measure ?? 'count') !== 'count') return sayMeasure(words, leaf, side)
  const { t } = words
  const kind = leaf.event.kind ?? 'track'
  const [test, told] = settled(leaf.test, side)
  const values = { event: bare(words, leaf.event), when: sayWhen(words, leaf) }
  const any = asksForAny(test)
  if (any) return t(`cdp.segments.say.did.${kind}.${any === told ? 'yes' : 'no'}`, values)
  const times = told === 'yes' ? sayTimes(words, test) : null
  return times ? t(`cdp.segments.say.did.times.${kind}`, { ...values, times }) : sayMeasure(words, leaf, side)
}

/** One thing after the other. */
export const saySequence = (words: Words, { steps, within, completed }: SequenceLeaf, side: Side): string => {
  const { t } = words
  const values = {
    steps: steps.map((step) => saySelector(words, step)).join(t('cdp.segments.say.sequence.then')),
    span: saySpan(words, within),
  }
  if (!completed) return t(`cdp.segments.say.sequence.${side}`, values)
  return t(`cdp.segments.say.sequence.${side}Completed`, { ...values, completed: saySpan(words, completed) })
}
