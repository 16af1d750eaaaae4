import type { RfmReport } from '@/kernel/api'

export type RfmMeasure = 'people' | 'revenue' | 'average'
export const MEASURES: readonly RfmMeasure[] = ['people', 'revenue', 'average']
const SCORES = [1, 2, 3, 4, 5] as const

export type RfmAxis = 'recency' | 'frequency'

/** What buyers with a score have: days since the last purchase, or purchases; no most where there is no end. */
export interface Band {
  score: number
  least: number
  most: number | null
}

/**
 * The scores that somebody has, the lowest first. Where many are alike some are skipped: if two of three bought once,
 * whoever bought twice is better than most already and scores 4, and nobody scores 2 or 3.
 */
export const bandsOf = ({ cells, bounds }: RfmReport, axis: RfmAxis): Band[] => {
  const scores = SCORES.filter((score) => cells.some((cell) => cell[axis] === score && cell.people > 0))
  const limit = (score: number) =>
    (axis === 'recency' ? bounds.recency_days : bounds.frequency)[score - 1] ?? 0
  return scores.map((score, place) => {
    const better = scores[place + 1]
    if (axis === 'frequency')
      return { score, least: limit(score), most: better === undefined ? null : limit(better) - 1 }
    return { score, least: better === undefined ? 0 : limit(better) + 1, most: limit(score) }
  })
}

/** Scores that nobody has, next to each other in pairs of first and last, the highest first. */
export const gapsOf = (bands: readonly Band[]): [number, number][] => {
  const held = new Set(bands.map(({ score }) => score))
  const gaps: [number, number][] = []
  for (const score of [...SCORES].reverse()) {
    const last = gaps.at(-1)
    if (held.has(score)) continue
    if (last && last[0] === score + 1) last[0] = score
    else gaps.push([score, score])
  }
  return gaps
}

type Cell = RfmReport['cells'][number]

/** The cell of a recency and a frequency; nobody, where the server names none. */
export const cellAt = (cells: readonly Cell[], recency: number, frequency: number): Cell =>
  cells.find((cell) => cell.recency === recency && cell.frequency === frequency) ?? {
    recency,
    frequency,
    people: 0,
    revenue_minor: 0,
  }

/** What a cell shows; none where nobody is. */
export const cellValue = ({ people, revenue_minor }: Cell, measure: RfmMeasure): number | null => {
  if (people === 0) return null
  if (measure === 'people') return people
  return measure === 'revenue' ? revenue_minor : revenue_minor / people
}
