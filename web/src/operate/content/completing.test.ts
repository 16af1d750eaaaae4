import { describe, expect, it } from 'vitest'
import { begunAt, completed } from './completing'

describe('completing a variable', () => {
  it('begins with two braces and ends where they are closed', () => {
    expect(begunAt('Dear {{ person.fi', 17)).toEqual({ text: 'person.fi', from: 5, to: 17 })
    expect(begunAt('Dear {{', 7)).toEqual({ text: '', from: 5, to: 7 })
    expect(begunAt('Dear {{ person.name }}, ', 24)).toBeNull()
    expect(begunAt('Dear { name', 11)).toBeNull()
  })

  it('writes it out once, whether or not the braces are closed already', () => {
    const begun = { text: 'fi', from: 3, to: 8 }
    expect(completed('Hi {{ fi, tea?', begun, 'person.first_name')).toEqual({
      value: 'Hi {{ person.first_name }}, tea?',
      cursor: 26,
    })
    expect(completed('Hi {{ fi }}, tea?', begun, 'person.first_name').value).toBe(
      'Hi {{ person.first_name }}, tea?',
    )
  })
})
