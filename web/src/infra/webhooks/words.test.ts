import { describe, expect, it } from 'vitest'
import { aboutOf, hostOf, outcomeOf, prettyBody } from './words'

describe('what came of an attempt', () => {
  it.each([
    [
      { status: 204, error: null },
      { key: 'taken', status: 204 },
    ],
    [
      { status: 500, error: 'answered 500' },
      { key: 'answered', status: 500 },
    ],
    [
      { status: null, error: 'ConnectError: All connection attempts failed' },
      { key: 'noConnection', status: null },
    ],
    [
      { status: null, error: 'ReadTimeout: ' },
      { key: 'timeout', status: null },
    ],
    [
      { status: null, error: 'gaierror: [Errno -2] Name or service not known' },
      { key: 'unknownHost', status: null },
    ],
    [{ status: null, error: null }, null],
  ])('%j has words of its own', (message, outcome) => {
    expect(outcomeOf(message)).toEqual(outcome)
  })

  it('is said as the server says it where nobody knows better', () => {
    const error = 'OSError: 169.254.169.254 is no address to send to'
    expect(outcomeOf({ status: null, error })).toBe(error)
  })
})

describe('a message', () => {
  it('is about a person and a segment', () => {
    const body = '{"type":"segment.entered","data":{"person_id":7,"segment_name":"Fans"}}'
    expect(aboutOf(body)).toEqual({ personId: 7, segment: 'Fans' })
    expect(prettyBody(body)).toContain('\n  "data": {')
  })

  it('of a ping is about nobody', () => {
    expect(aboutOf('{"data":{"webhook_id":1}}')).toEqual({ personId: null, segment: null })
  })

  it('that is no JSON is shown as it is', () => {
    expect([prettyBody('{'), aboutOf('{').personId]).toEqual(['{', null])
  })
})

describe('an address', () => {
  it('is known by its machine', () => {
    expect([hostOf('https://shop.example/hooks?x=1'), hostOf('nonsense')]).toEqual([
      'shop.example',
      'nonsense',
    ])
  })
})
