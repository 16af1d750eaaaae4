import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { said, speakBy } from './said'
import book from './server/zh-CN.json'

const LABELS: Record<string, string> = { app_secret: 'AppSecret' }

beforeEach(() => speakBy(book, (name) => LABELS[name]))
afterEach(() => speakBy(null))

describe('the server in Chinese', () => {
  it('finds every sentence that it knows by that sentence', () => {
    const filled = (text: string, value: (at: string) => string) =>
      text.replace(/\{(\d)(?::name)?\}/g, (_, at: string) => value(at))
    const known = { ...book.pydantic, ...book.sentences, ...book.frames }
    const lost = Object.entries(known).filter(
      ([english, told]) => said(filled(english, (at) => `§${at}`)) !== filled(told, (at) => `§${at}`),
    )
    expect(lost.map(([english]) => english)).toEqual([])
  })

  it.each([
    ['“name”: Field required.', '“名称”必填。'],
    ['“name”: String should have at least 1 character.', '“名称”至少 1 个字符。'],
    [
      '“parts.0.text”: String should have at most 2000 characters.',
      '“消息内容 › 第 1 项 › 文字”最多 2000 个字符。',
    ],
    [
      "“purpose”: Input should be 'marketing', 'service' or 'owed'.",
      "“用途”只能是 'marketing'、'service'或'owed'。",
    ],
    ['Value error, choose by “ids” or by “filters”, not by both.', '请只用所选用户或筛选条件中的一种。'],
    ['See /api/docs for what “name” takes.', ''],
    ['What is missing: app_secret, name.', '还缺少：AppSecret、名称。'],
    ['There is a list “Field required” already.', '名单“Field required”已存在。'],
    ['Here belongs a number or a list, not a text.', '这里应为数字或列表，而不是文字。'],
    ['The platform answered 400: no such chat', '平台返回 400: no such chat'],
    ['Part 2: it has 4 buttons; 1 to 3 are allowed.', '第 2 段：有 4 个按钮，允许 1 到 3。'],
    ['The file is empty. Send it in parts.', '文件是空的。请拆成几个文件分别上传。'],
    [
      'Order Completed: {0} is no amount. The file is empty.',
      'Order Completed: {0} is no amount.文件是空的。',
    ],
    ['Nobody has written this sentence.', 'Nobody has written this sentence.'],
    ['', ''],
  ])('says %s', (english, chinese) => {
    expect(said(english)).toBe(chinese)
  })

  it('leaves the English as it is where that is the language', () => {
    speakBy(null)
    expect(said('The file is empty.')).toBe('The file is empty.')
  })
})
