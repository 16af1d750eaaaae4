import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import en from './en'
import zhCN from './zh-CN'

type Words = { [key: string]: string | Words }

const PLURALS = /_(zero|one|two|few|many|other)$/

const flatten = (words: Words, path = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${path}${key}`, value] as [string, string]]
      : flatten(value, `${path}${key}.`),
  )

/** Chinese has one plural form, English two; the key without its form is what must agree. */
const keys = (words: Words) => [...new Set(flatten(words).map(([key]) => key.replace(PLURALS, '')))].sort()

/** What each text fills in; the forms of a plural count together. */
const valuesByKey = (words: Words): Record<string, string[]> => {
  const values: Record<string, string[]> = {}
  for (const [form, text] of flatten(words)) {
    const key = form.replace(PLURALS, '')
    values[key] = [...new Set([...(values[key] ?? []), ...placeholders(text)])].sort()
  }
  return values
}

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)/g)].map(([, name]) => name ?? '').sort()

const sources = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /\.tsx?$/.test(entry.name) && !entry.name.includes('.test.') ? [path] : []
  })

describe('the catalogues', () => {
  it('have the same keys in every language', () => {
    expect(keys(zhCN)).toEqual(keys(en))
  })

  it('say something under every key', () => {
    const silent = [...flatten(en), ...flatten(zhCN)].filter(([, text]) => text.trim() === '')
    expect(silent).toEqual([])
  })

  it('fill in the same values in every language', () => {
    expect(valuesByKey(zhCN)).toEqual(valuesByKey(en))
  })

  it('hold every key that the source names', () => {
    const known = new Set(keys(en))
    const named = sources('src').flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/\bt\(\s*'([\w.]+)'/g)].map(([, key]) => key ?? ''),
    )
    expect(named.length).toBeGreaterThan(50)
    expect(named.filter((key) => !known.has(key))).toEqual([])
  })
})
