import { describe, expect, it } from 'vitest'
import { type Content, moved, newBlock, nextKey, withWording } from './view'

const content: Content = {
  language: 'en',
  variants: [{ key: 'A', weight: 1, wordings: { en: { mail: null, parts: [] } } }],
  variables: [],
  utm: null,
  follows_links: true,
  follows_opens: true,
}

describe('a list of blocks', () => {
  it('has one block elsewhere once it was moved', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b'])
  })

  it('stays as it is when a block would leave it', () => {
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
    expect(moved(['a', 'b'], 1, 2)).toEqual(['a', 'b'])
  })

  it('begins a footer in the language of the mail', () => {
    expect(newBlock('footer', 'zh-CN')).toMatchObject({ unsubscribe: '退订' })
    expect(newBlock('footer', 'en')).toMatchObject({ unsubscribe: 'Unsubscribe' })
  })
})

describe('a content', () => {
  it('takes a wording in another language, and gives it up again', () => {
    const both = withWording(content, 'A', 'ja', { mail: null, parts: [{ type: 'text', text: 'x' }] })
    expect(Object.keys(both.variants[0]?.wordings ?? {})).toEqual(['en', 'ja'])
    expect(withWording(both, 'A', 'ja')).toEqual(content)
  })

  it('has a letter for one more variant', () => {
    expect(nextKey(content)).toBe('B')
  })
})
