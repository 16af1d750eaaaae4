/** What the segment routes answer with, the rule in the builder's own types. */
import type { Answer, Schemas } from '@/kernel/api'
import type { Condition, Rule, Test } from './rule/types'

type WithRule<Shape> = Omit<Shape, 'rule'> & { rule: Rule }

export type Status = Schemas['SegmentSaved']['status']
export type Segment = Omit<WithRule<Schemas['SegmentSaved']>, 'warnings'>
export type SegmentDetail = WithRule<Schemas['SegmentDetail']>
export type SegmentItem = WithRule<Schemas['SegmentItem']>
export type Preview = Schemas['Preview']
export type PreviewTrend = Schemas['Trend']
export type Caution = Preview['warnings'][number]
export type TrendDay = Schemas['TrendDay']
// Traits have templates too: by its route it is told which.
export type Template = WithRule<Answer<'/api/segments/templates'>['items'][number]>
export type Overlap = Schemas['Overlap']
export type Explained = Schemas['Explained']
export type PersonSegment = Schemas['PersonSegment']

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : never) : never

/** Neither compiles once the server knows a condition or a test that the builder does not, or the other way round. */
export const KNOWS_EVERY_CONDITION: Same<Condition['type'], Schemas['SegmentCondition']['type']> = true
export const KNOWS_EVERY_TEST: Same<Test['op'], Schemas['SegmentTest']['op']> = true
