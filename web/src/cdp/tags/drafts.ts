import { slugOf } from '@/kernel/format'
import type { DraftClass, Layer, RuleBody } from './view'

let lastId = 0

const newId = (): number => {
  lastId += 1
  return lastId
}

/** A key that no other class has: of the name if it has Latin letters, else a numbered one. */
export const keyFor = (name: string, taken: readonly string[], stem: string): string => {
  const wanted = slugOf(name)
  if (wanted && !taken.includes(wanted)) return wanted
  const base = wanted || stem
  for (let number = wanted ? 2 : 1; ; number += 1) {
    if (!taken.includes(`${base}_${number}`)) return `${base}_${number}`
  }
}

export const freshClass = (taken: readonly string[]): DraftClass => ({
  id: newId(),
  key: keyFor('', taken, 'class'),
  name: '',
  rule: null,
  isWhole: false,
  isNew: true,
})

/** The classes of a layer as they are edited, lowest first. */
export const draftsOf = (layer: Layer | undefined): DraftClass[] =>
  layer
    ? layer.classes.map(({ key, name, rule }) => ({
        id: newId(),
        key,
        name,
        rule: rule as unknown as RuleBody | null,
        isWhole: rule !== null,
        isNew: false,
      }))
    : [freshClass([])]

/** A class with another name; the key of a new one follows. */
export const renamed = (classes: DraftClass[], id: number, name: string): DraftClass[] => {
  const taken = classes.filter((each) => each.id !== id).map(({ key }) => key)
  return classes.map((each) =>
    each.id === id ? { ...each, name, key: each.isNew ? keyFor(name, taken, 'class') : each.key } : each,
  )
}

/** What keeps a layer from being saved. */
export type Lack = 'name' | 'classes' | 'className' | 'rule'

export const lacksOf = (name: string, classes: DraftClass[]): Lack[] => [
  ...(name.trim() === '' ? (['name'] as const) : []),
  ...(classes.length === 0 ? (['classes'] as const) : []),
  ...(classes.some((each) => each.name.trim() === '') ? (['className'] as const) : []),
  ...(classes.some((each) => !each.isWhole) ? (['rule'] as const) : []),
]
