import type { ValueKind } from '../rule/fresh'
import type { EventKind, Scalar } from '../rule/types'

/** A property of an event, or a trait of people: what values it has and some of them. */
export interface Known {
  name: string
  label?: string
  kind: ValueKind
  values: Scalar[]
}

export interface KnownEvent {
  kind: EventKind
  name: string
  people?: number
  properties: Known[]
  productProperties: Known[]
}

export interface KnownLayer {
  name: string
  label?: string
  classes: { name: string; label?: string }[]
}

/** What a workspace has to choose from. What is not here can be typed. */
export interface Vocabulary {
  events: KnownEvent[]
  traits: Known[]
  tags: string[]
  layers: KnownLayer[]
  channels: string[]
  sources: { slug: string; name: string }[]
  segments: { id: number; name: string }[]
  lists: { id: number; name: string }[]
}

export const NOTHING_KNOWN: Vocabulary = {
  events: [],
  traits: [],
  tags: [],
  layers: [],
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
