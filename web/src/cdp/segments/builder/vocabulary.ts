import type { Schemas } from '@/kernel/api'
import type { EventKind } from '../rule/types'

/** A property of an event, or a trait of people: what values it has and some of them. */
export type Known = Schemas['Known'] & {
  /** What people read instead of a value; the values that the definition allows. */
  options?: readonly { value: string; label: string }[]
  /** What stands behind a number. */
  unit?: string
}
export type KnownEvent = Schemas['KnownEvent']

/** What a workspace has to choose from. What is not here can be typed. */
export type Vocabulary = Schemas['Vocabulary']

export const NOTHING_KNOWN: Vocabulary = {
  events: [],
  traits: [],
  tags: [],
  tag_labels: {},
  layers: [],
  domains: [],
  channels: [],
  sources: [],
  segments: [],
  lists: [],
}

export const eventOf = (vocabulary: Vocabulary, kind: EventKind, name: string): KnownEvent | undefined =>
  vocabulary.events.find((each) => each.kind === kind && each.name === name)

/** What is known under a name; nothing yet of one that was typed. */
export const knownOf = (all: readonly Known[], name: string): Known =>
  all.find((each) => each.name === name) ?? { name, kind: 'unknown', values: [] }

/** What people read instead of a value. */
export const optionLabel = ({ options = [] }: Known, value: unknown): string | undefined =>
  options.find((option) => option.value === value)?.label || undefined

/** Values to choose from: those that the definition allows, then others that people have. */
export const offeredOf = ({ options = [], values }: Known): Known['values'] => [
  ...new Set([...options.map(({ value }) => value), ...values]),
]
