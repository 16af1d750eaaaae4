import type { Answer } from '@/kernel/api'

/** What the routes of traits answer with. */
export type Trait = Answer<'/api/traits'>['items'][number]
export type TraitOption = Trait['options'][number]
export type TraitType = Trait['type']
export type Origin = Trait['origin']
export type Template = Answer<'/api/traits/templates'>['items'][number]
/** A formula as the server knows it; only the segments' slice looks inside. */
export type Formula = NonNullable<Trait['formula']>

export const TYPES = ['text', 'number', 'bool', 'date', 'option', 'options'] as const satisfies TraitType[]

export const ORIGINS = ['declared', 'computed', 'score', 'observed'] as const satisfies Origin[]

export const hasOptions = (type: TraitType): boolean => type === 'option' || type === 'options'

/** What a form about a trait holds. */
export interface TraitFields {
  name: string
  label: string
  description: string
  type: TraitType
  unit: string
  options: TraitOption[]
  formula: Formula | null
  keeps_history: boolean
}
