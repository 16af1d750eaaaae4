import { describe, expect, it } from 'vitest'
import type { Account, Field } from './queries'
import { changesOf, defaultsOf } from './values'

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  is_secret: false,
  is_required: true,
  default: '',
  pattern: '.+',
  choices: [],
  ...more,
})
const FIELDS = [field('bot_token', { is_secret: true }), field('base_url', { default: 'https://api' })]

describe('an account form', () => {
  it('begins with the defaults', () => {
    expect(defaultsOf(FIELDS)).toEqual({ base_url: 'https://api' })
  })

  it('sends what was filled in for a new account', () => {
    expect(changesOf(FIELDS, { bot_token: '1:a', base_url: 'https://api' })).toEqual({
      bot_token: '1:a',
      base_url: 'https://api',
    })
  })

  it('leaves a secret alone that was not typed anew, and takes an emptied setting away', () => {
    const account = { settings: { base_url: 'https://api' } } as unknown as Account
    expect(changesOf(FIELDS, { bot_token: '', base_url: '' }, account)).toEqual({ base_url: null })
    expect(changesOf(FIELDS, { base_url: 'https://api' }, account)).toEqual({})
  })
})
