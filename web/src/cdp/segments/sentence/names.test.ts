import { describe, expect, it } from 'vitest'
import type { Condition } from '../rule/types'
import { sayCondition } from './sentence'
import { inEnglish } from './testing'
import type { Words } from './words'

const words: Words = {
  ...inEnglish,
  names: {
    ...inEnglish.names,
    trait: (name) => ({ skin: 'skin type', height: 'height' })[name],
    option: (trait, value) => (trait === 'skin' && value === 'dry' ? 'Rather dry' : undefined),
    unit: (trait) => (trait === 'height' ? 'cm' : undefined),
    tag: (tag) => (tag === 'due' ? 'Due soon' : undefined),
    layer: (key) => (key === 'fan_level' ? 'fan level' : undefined),
    layerClass: (_, key) => (key === 'gold' ? 'Gold fans' : undefined),
  },
}

describe('a condition with the words that a workspace has given', () => {
  it.each<[Condition, string]>([
    [{ type: 'trait', name: 'skin', test: { op: 'is', value: 'dry' } }, 'whose skin type is “Rather dry”'],
    [
      { type: 'trait', name: 'skin', test: { op: 'one_of', values: ['dry', 'oily'] } },
      'whose skin type is “Rather dry” or “oily”',
    ],
    [
      { type: 'trait', name: 'height', test: { op: 'at_least', value: 170 } },
      'whose height is at least 170 cm',
    ],
    [{ type: 'tag', tag: 'due' }, 'who have the tag “Due soon”'],
    [{ type: 'layer', layer: 'fan_level', classes: ['gold'] }, 'whose fan level is “Gold fans”'],
  ])('says it with them', (condition, text) => {
    expect(sayCondition(words, condition)).toBe(text)
  })
})
