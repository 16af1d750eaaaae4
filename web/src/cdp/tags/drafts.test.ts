import { describe, expect, it } from 'vitest'
import { freshClass, keyFor, lacksOf, renamed } from './drafts'
import { inUnits } from './expiry'
import type { DraftClass } from './view'

const rule = { version: 1, condition: { type: 'all', conditions: [] } } as unknown as DraftClass['rule']
const gold: DraftClass = { id: 1, key: 'gold', name: 'Gold', rule, isWhole: true, isNew: false }

describe('a key', () => {
  it.each([
    ['Gold fans', [], 'gold_fans'],
    ['Gold', ['gold'], 'gold_2'],
    ['金卡', [], 'class_1'],
    ['金卡', ['class_1'], 'class_2'],
  ])('of %s beside %j is %s', (name, taken, key) => {
    expect(keyFor(name, taken, 'class')).toBe(key)
  })

  it('follows the name of a class only until the class is saved', () => {
    const made = { ...freshClass(['gold']), id: 2 }

    const classes = renamed(renamed([gold, made], 2, 'Silver'), 1, 'Gold card')

    expect(classes.map(({ key, name }) => [key, name])).toEqual([
      ['gold', 'Gold card'],
      ['silver', 'Silver'],
    ])
  })
})

describe('a layer', () => {
  it('lacks what would be refused', () => {
    expect(lacksOf('Fan level', [gold])).toEqual([])
    expect(lacksOf(' ', [{ ...gold, name: '' }])).toEqual(['name', 'className'])
    expect(lacksOf('Fan level', [{ ...gold, isWhole: false }])).toEqual(['rule'])
    expect(lacksOf('Fan level', [])).toEqual(['classes'])
  })
})

describe('an expiry', () => {
  it.each([
    [3_600, 1, 'hours'],
    [86_400, 1, 'days'],
    [7 * 86_400, 7, 'days'],
    [14 * 86_400, 2, 'weeks'],
    [30 * 86_400, 30, 'days'],
    [5_400, 1.5, 'hours'],
  ])('of %d seconds is %d %s', (seconds, amount, unit) => {
    expect(inUnits(seconds)).toEqual({ amount, unit })
  })
})
