import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contrast, mix, textOn } from '@/kernel/charts/scale'
import { heightOf, movedWindow, rowWindow } from './data-table/window'
import { toCsv } from './export/csv'
import { color, domainTextColor, retentionScale, STAGES, stageColor } from './tokens'
import { twinToCsv } from './twin-table'

describe('an export', () => {
  it('quotes what spreadsheets would tear apart', () => {
    expect(toCsv([['a,b', 'say "hi"', 3, null]])).toBe('\uFEFF"a,b","say ""hi""",3,\r\n')
  })

  it('never lets a cell run as a formula', () => {
    expect(toCsv([['=1+1', '-5', -5]])).toBe("\uFEFF'=1+1,'-5,-5\r\n")
  })

  it('keeps plain values whatever the table shows', () => {
    const columns = [{ key: 'people', title: 'People', format: () => 'many' }]
    expect(twinToCsv({ columns, rows: [{ people: 12 }] })).toBe('\uFEFFPeople\r\n12\r\n')
  })
})

describe('the rows in view', () => {
  const list = { viewHeight: 600, rowHeight: 40, count: 100_000 }

  it('cover the view at any place of a long list', () => {
    for (const scrollTop of [0, 39, 40_000, 1_234_567, 100_000 * 40 - 600]) {
      const { start, end } = rowWindow({ ...list, scrollTop })
      expect(start * 40).toBeLessThanOrEqual(scrollTop)
      expect(end * 40).toBeGreaterThanOrEqual(scrollTop + 600)
      expect(end - start).toBeLessThan(80)
    }
  })

  it('stay the same while a few pixels are scrolled', () => {
    expect(rowWindow({ ...list, scrollTop: 40_010 })).toEqual(rowWindow({ ...list, scrollTop: 40_020 }))
  })

  it('are all of a short list', () => {
    expect(rowWindow({ ...list, count: 3, scrollTop: 0 })).toEqual({ start: 0, end: 3, offset: 0 })
  })

  it('reach the end of a list that is taller than a browser can draw', () => {
    const millions = { ...list, count: 2_000_000 }
    const bottom = heightOf(millions.count, millions.rowHeight) - millions.viewHeight
    expect(heightOf(millions.count, millions.rowHeight)).toBeLessThan(17_000_000)
    expect(rowWindow({ ...millions, scrollTop: bottom }).end).toBe(2_000_000)
    const half = rowWindow({ ...millions, scrollTop: bottom / 2 })
    expect(Math.abs(half.start - 1_000_000)).toBeLessThan(40)
    // The first row drawn stands above the view, and not by more than what is drawn ahead.
    const above = bottom / 2 - (half.start * 40 - half.offset)
    expect(above).toBeGreaterThanOrEqual(0)
    expect(above).toBeLessThan(13 * 40)
  })
})

describe('the elements of the rows in view', () => {
  const now = { start: 40, end: 76, offset: 0, shift: 0 }

  it('stay those of their rows while one scrolls', () => {
    expect(movedWindow(now, { start: 44, end: 80, offset: 0 }, true)).toEqual({
      ...now,
      start: 44,
      end: 80,
    })
  })

  it('show the rows arrived at after a leap, the first ones first', () => {
    expect(movedWindow(now, { start: 9000, end: 9036, offset: 0 }, true)).toEqual({
      start: 9000,
      end: 9036,
      offset: 0,
      shift: 8960,
    })
  })

  it('are not taken from under the focus', () => {
    expect(movedWindow(now, { start: 9000, end: 9036, offset: 0 }, false).shift).toBe(0)
  })

  it('are left alone when nothing moved', () => {
    expect(movedWindow(now, { start: 40, end: 76, offset: 0 }, true)).toBe(now)
  })
})

describe('the colours', () => {
  it('of the stages are those of their notches', () => {
    const drawn = readFileSync(new URL('notches.svg', import.meta.url), 'utf8')
    const filled = [...drawn.matchAll(/fill="(#\w+)"/g)].map((found) => found[1])
    const upTo = STAGES.map((_, last) => STAGES.slice(0, last + 1).map((stage) => stageColor[stage]))
    expect(filled).toEqual(upTo.flat())
  })

  it.each([
    ['ink on the page', color.ink, color.bg],
    ['secondary text', color.secondary, color.bg],
    ['muted text', color.muted, '#f7f9fa'],
    ['text on the rail', color.railText, color.rail],
    ['waste as text', color.wasteText, color.panel],
    ['public as text', domainTextColor.public, color.panel],
    ['commercial as text', domainTextColor.commercial, color.panel],
  ])('let one read %s', (_, text, ground) => {
    expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5)
  })

  it('let one read every step of the retention scale', () => {
    const [low, high] = retentionScale
    for (let step = 0; step <= 100; step += 1) {
      const ground = mix(low, high, step / 100)
      expect(contrast(textOn(ground), ground)).toBeGreaterThanOrEqual(4.5)
    }
  })
})
