import type { Answer, Schemas } from '@/kernel/api'

export type Rule = Schemas['AutoReplyOut']
export type Trial = Schemas['AutoReplyTrial']
export type Looked = Schemas['AutoReplyLooked']
export type Learning = Schemas['AutoReplyLearning']
export type LeadForm = Schemas['LeadFormOut']
export type Brake = Schemas['BrakeOut']
export type BrakeLimits = Schemas['BrakeLimits']
export type Hours = Answer<'/api/business-hours'>
export type TrialKind = NonNullable<Schemas['AutoReplyTrialIn']['kind']>

export type How = 'contains' | 'exact' | 'fuzzy' | 'regex'
export interface Word {
  text: string
  how?: How
}

export type Trigger =
  | { kind: 'welcome'; on?: ('followed' | 'entered')[]; scenes?: string[] }
  | { kind: 'ad_welcome'; fields?: Record<string, string[]> }
  | { kind: 'keyword'; words: Word[]; but?: Word[] }
  | { kind: 'intent'; examples: string[]; threshold?: number | null }
  | { kind: 'comment'; words?: Word[]; contents?: string[] }
  | { kind: 'closed' }
  | { kind: 'unanswered'; minutes: number }
  | { kind: 'otherwise' }

export type TriggerKind = Trigger['kind']

export const TRIGGERS: readonly TriggerKind[] = [
  'keyword',
  'intent',
  'welcome',
  'ad_welcome',
  'comment',
  'closed',
  'unanswered',
  'otherwise',
]

export type Action =
  | { do: 'text'; text: string }
  | { do: 'card'; title: string; text?: string; image_url?: string | null; url?: string | null }
  | { do: 'choices'; text: string; options: string[] }
  | { do: 'menu'; menu_id: number; text?: string }
  | { do: 'lead'; form_id: number; card_id?: string }
  | { do: 'coupon'; text: string; code: string }
  | { do: 'tag'; tags: string[] }
  | { do: 'hand_over'; team_id?: number | null; note?: string }
  | { do: 'event'; name: string }

export type ActionKind = Action['do']

export const ACTIONS: readonly ActionKind[] = [
  'text',
  'card',
  'choices',
  'menu',
  'lead',
  'coupon',
  'tag',
  'hand_over',
  'event',
]

export interface Span {
  days: number[]
  begins: string
  ends: string
}

export interface Conditions {
  accounts?: number[]
  segment_id?: number | null
  is_in_segment?: boolean
  hours?: 'always' | 'open' | 'closed'
  spans?: Span[]
  first_on?: string | null
  last_on?: string | null
  cooldown_s?: number
  is_once?: boolean
}

export interface Definition {
  trigger: Trigger
  actions: Action[]
  when?: Conditions
}

export type FieldKind = 'text' | 'name' | 'phone' | 'email' | 'number' | 'choice'
export interface FormField {
  key: string
  ask: string
  kind?: FieldKind
  options?: string[]
  is_required?: boolean
  retry?: string
}

export interface FormDefinition {
  fields: FormField[]
  intro?: string
  thanks?: string
  canceled?: string
  consent?: { ask: string; channels: string[]; yes?: string; no?: string } | null
  tags?: string[]
  hands_over?: boolean
  team_id?: number | null
  minutes?: number
}

/** A rule's definition as the API keeps it. */
export const definitionOf = (rule: Rule) => rule.definition as unknown as Definition

/** A trigger of a kind with nothing in it yet. */
export const emptyTrigger = (kind: TriggerKind): Trigger => {
  switch (kind) {
    case 'keyword':
      return { kind, words: [] }
    case 'intent':
      return { kind, examples: [] }
    case 'unanswered':
      return { kind, minutes: 5 }
    case 'welcome':
      return { kind, on: ['followed', 'entered'], scenes: [] }
    default:
      return { kind }
  }
}

/** An action of a kind with nothing in it yet. */
export const emptyAction = (kind: ActionKind): Action => {
  switch (kind) {
    case 'text':
      return { do: kind, text: '' }
    case 'card':
      return { do: kind, title: '' }
    case 'choices':
      return { do: kind, text: '', options: [] }
    case 'menu':
      return { do: kind, menu_id: 0 }
    case 'lead':
      return { do: kind, form_id: 0 }
    case 'coupon':
      return { do: kind, text: '', code: '' }
    case 'tag':
      return { do: kind, tags: [] }
    case 'hand_over':
      return { do: kind }
    default:
      return { do: 'event', name: '' }
  }
}
