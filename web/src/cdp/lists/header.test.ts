import { describe, expect, it } from 'vitest'
import { columnsOf } from './header'

describe('the columns of a file', () => {
  it.each([
    ['email,name\na@b.example,Ada', ['email', 'name']],
    ['\uFEFF手机号;姓名\r\n138;林悦', ['手机号', '姓名']],
    ['"Member, id"\tcity\tname\n1\tLeeds\tAda', ['Member, id', 'city', 'name']],
    ['phone', ['phone']],
    ['', []],
  ])('in %j are %j', (text, columns) => {
    expect(columnsOf(text)).toEqual(columns)
  })
})
