import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const UI = 'src/kernel/ui'
// The provider stands around every story; the table's parts are nowhere but in the table.
const WITHOUT = new Set(['UiProvider', 'BodyRow', 'HeadCell', 'TickAll'])

const files = readdirSync(UI, { recursive: true, encoding: 'utf8' }).map((path) => join(UI, path))
const stories = files.filter((path) => path.endsWith('.stories.tsx'))
const told = stories.map((path) => readFileSync(path, 'utf8')).join('\n')

const componentsOf = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(/^export const ([A-Z][a-z]\w*) = /gm)].map(([, name]) => name ?? '')

const own = files.filter((path) => path.endsWith('.tsx') && !stories.includes(path)).flatMap(componentsOf)
const library = [...readFileSync(join(UI, 'primitives.ts'), 'utf8').matchAll(/^ {2}(\w+),$/gm)].map(
  ([, name]) => name ?? '',
)

describe('kernel/ui', () => {
  it('has a story of each of its components', () => {
    expect(own.length).toBeGreaterThan(15)
    expect(library.length).toBeGreaterThan(20)
    const silent = [...own, ...library].filter((name) => !WITHOUT.has(name) && !told.includes(`<${name}`))
    expect(silent).toEqual([])
  })

  it('is free of stories in what is shipped', () => {
    const shipped = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter(
        (path) =>
          /\.tsx?$/.test(path) && !/\.(stories|test)\./.test(path) && !path.startsWith('app/stories/'),
      )
      .filter((path) => /\.stories'|app\/stories/.test(readFileSync(join('src', path), 'utf8')))
    expect(shipped).toEqual([])
  })
})
