import type { RfmReport } from '@/kernel/api'

export type RfmMeasure = 'people' | 'revenue' | 'average'
export const MEASURES: readonly RfmMeasure[] = ['people', 'revenue', 'average']
export const SCORES = [1, 2, 3, 4, 5] as const

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
