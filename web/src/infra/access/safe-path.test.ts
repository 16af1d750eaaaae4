import { describe, expect, it } from 'vitest'
import { safePath } from './safe-path'

describe('where one goes after signing in', () => {
  it.each(['/', '/people?stage=convert', '/people/7'])('may be %s', (path) => {
    expect(safePath(path)).toBe(path)
  })

  it.each([
    undefined,
    '',
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
  ])('is never %s', (path) => {
    expect(safePath(path)).toBe('/')
  })
})
