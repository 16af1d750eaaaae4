import type { Op, Scalar, Span, Test } from '../rule/types'
import { moment, number, oneOf, quoted, type Words } from './words'

export type Side = 'yes' | 'no'

export const saySpan = ({ t, format }: Words, { amount, unit }: Span): string => {
  const isKnown = Number.isFinite(amount)
  return t(`cdp.segments.say.span.${unit}`, {
    count: isKnown ? amount : 2,
    shown: isKnown ? format.count(amount) : t('cdp.segments.say.blank'),
  })
}

/** How the values of a subject are written. */
export interface Subject {
  isMoment: boolean
  /** In minor units of the reporting currency. */
  isMoney?: boolean
  /** The trait whose values they are: its options have words, its numbers a unit. */
  trait?: string
}

const counted = (words: Words, value: number, { isMoney, trait = '' }: Subject): string => {
  if (!Number.isFinite(value)) return number(words, value)
  if (isMoney) return words.format.money(value, words.currency)
  const unit = words.names.unit(trait)
  const shown = number(words, value)
  return unit ? words.t('kernel.traitValue.withUnit', { value: shown, unit }) : shown
}

const scalar = (words: Words, value: Scalar, subject: Subject): string => {
  if (typeof value === 'boolean') return words.t(`cdp.segments.say.${value}`)
  if (typeof value === 'number') return counted(words, value, subject)
  return quoted(words, words.names.option(subject.trait ?? '', value) ?? value)
}

const values = (words: Words, all: Scalar[], subject: Subject): string =>
  all.length === 0
    ? words.t('cdp.segments.say.blank')
    : oneOf(
        words,
        all.map((value) => scalar(words, value, subject)),
      )

type OpOf<Body> = Extract<Test, Body>['op']
type SpanOp = OpOf<{ span: Span }>

/** What a test says of its subject: "is at least 3", 「不少于 3」. */
export const sayTest = (words: Words, test: Test, subject: Subject, side: Side = 'yes'): string => {
  const { t } = words
  switch (test.op) {
    case 'exists':
      return t(
        subject.isMoment ? `cdp.segments.say.test.happened.${side}` : `cdp.segments.say.test.exists.${side}`,
      )
    case 'missing': {
      const other = side === 'yes' ? 'no' : 'yes'
      return sayTest(words, { op: 'exists' }, subject, other)
    }
    case 'one_of':
      return t(`cdp.segments.say.test.one_of.${side}`, { values: values(words, test.values, subject) })
    case 'between': {
      const [low, high] = [scalar(words, test.low, subject), scalar(words, test.high, subject)]
      return t(`cdp.segments.say.test.between.${side}`, { low, high })
    }
    case 'before':
    case 'after':
      return t(`cdp.segments.say.test.${test.op}.${side}`, { at: moment(words, test.at) })
    case 'anniversary':
      if (test.days === 0) return t(`cdp.segments.say.test.today.${side}`)
      return t(`cdp.segments.say.test.anniversary.${side}`, {
        count: Number.isFinite(test.days) ? test.days : 2,
      })
    case 'within_last':
    case 'longer_ago':
    case 'exactly_ago':
    case 'within_next':
      return t(`cdp.segments.say.test.${test.op satisfies SpanOp}.${side}`, {
        span: saySpan(words, test.span),
      })
    default:
      return t(`cdp.segments.say.test.${test.op}.${side}`, { value: scalar(words, test.value, subject) })
  }
}

const MOMENT_OPS: readonly Op[] = [
  'before',
  'after',
  'within_last',
  'longer_ago',
  'exactly_ago',
  'within_next',
  'anniversary',
]

export const isMomentTest = ({ op }: Test): boolean => MOMENT_OPS.includes(op)

/** Whether the opposite of a test takes in those who lack the thing, so that the sentence has to say it. */
export const takesInUnknown = ({ op }: Test): boolean => op !== 'exists' && op !== 'missing'
