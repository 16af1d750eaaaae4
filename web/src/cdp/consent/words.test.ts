import { describe, expect, it } from 'vitest'
import { proofsOf } from './words'

describe('proofsOf', () => {
  it('says by which page and with which form', () => {
    expect(proofsOf({ evidence: { via: 'double opt-in', form: 'footer', confirmed_at: 'x' } })).toEqual([
      { kind: 'via', via: 'double_opt-in', who: '' },
      { kind: 'form', text: 'footer' },
    ])
  })

  it('says who noted it and the proof', () => {
    expect(proofsOf({ evidence: { via: 'noted', noted_by: 'user:1', proof: 'letter' } })).toEqual([
      { kind: 'via', via: 'noted', who: 'user:1' },
      { kind: 'form', text: 'letter' },
    ])
  })

  it('shows an event with its proof, whatever shape that has', () => {
    expect(proofsOf({ evidence: { event: 'Consent Granted', proof: { ip: '::1' } } })).toEqual([
      { kind: 'form', text: '{"ip":"::1"}' },
      { kind: 'event', text: 'Consent Granted' },
    ])
  })

  it('finds nothing in nothing', () => {
    expect(proofsOf({ evidence: {} })).toEqual([])
    expect(proofsOf({ evidence: { via: 'something new' } })).toEqual([])
  })
})
