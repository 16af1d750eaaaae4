import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

const MAX_LINES = 300

const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? files(path) : [path]
  })

const sources = files('src').filter((path) => /\.tsx?$/.test(path) && !path.endsWith('schema.d.ts'))

/** The slice a file belongs to: kernel, app, or area/noun. */
const sliceOf = (path: string): string => {
  const [, area = '', noun = ''] = path.split('/')
  return area === 'kernel' || area === 'app' || area === 'main.tsx' ? area : `${area}/${noun}`
}

const importsOf = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].flatMap(
    ([, target = '']) => {
      if (target.startsWith('@/')) return [join('src', target.slice(2))]
      return target.startsWith('.') ? [normalize(join(dirname(path), target))] : []
    },
  )

describe('the tree', () => {
  it('lets no slice import another, and the kernel none', () => {
    const wrong = sources
      .filter((path) => !['app', 'main.tsx'].includes(sliceOf(path)))
      .flatMap((path) =>
        importsOf(path)
          .filter((target) => sliceOf(target) !== 'kernel' && sliceOf(target) !== sliceOf(path))
          .map((target) => `${path} -> ${target}`),
      )
    expect(wrong).toEqual([])
  })

  it('keeps every file short', () => {
    const long = sources.filter((path) => readFileSync(path, 'utf8').split('\n').length > MAX_LINES + 1)
    expect(long).toEqual([])
  })

  it('names no other host, so that nothing is fetched from outside', () => {
    const foreign = [...sources.filter((path) => !path.includes('.test.')), 'index.html'].filter((path) =>
      [...readFileSync(path, 'utf8').matchAll(/https?:\/\/([\w.-]+)/g)].some(
        ([, host]) => !['www.w3.org', '127.0.0.1', 'localhost'].includes(host ?? ''),
      ),
    )
    expect(foreign).toEqual([])
  })
})
