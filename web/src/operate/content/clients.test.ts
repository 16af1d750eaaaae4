import { describe, expect, it } from 'vitest'
import { clientsOf, fitting, inTheDark } from './clients'

const HTML = '<head><style>@media (prefers-color-scheme: dark) { p { color: white } }</style></head>'

describe('a mail in the dark', () => {
  it('looks as it says that it does there, where the client asks it', () => {
    expect(inTheDark(HTML, 'own')).toContain('@media all { p { color: white } }')
  })

  it('has its colors turned around, but not by what it says, where the client does so', () => {
    expect(inTheDark(HTML, 'turned')).toContain('invert')
    expect(inTheDark(HTML, 'turned')).not.toContain('@media all')
  })

  it('stays as it is where the client lets it', () => {
    expect(inTheDark(HTML, 'none')).toBe(HTML)
  })
})

describe('a client', () => {
  it('is drawn smaller where there is less room than it is wide, and never larger', () => {
    expect(fitting(1024, 512)).toBe(0.5)
    expect(fitting(320, 512)).toBe(1)
    expect(fitting(1024, 0)).toBe(1)
  })

  it('is one of a computer or of a phone', () => {
    expect(clientsOf('desktop')[0]).toBe('browser')
    expect(clientsOf('mobile')[0]).toBe('iphone')
  })
})
