import type { RfmReport } from '@/kernel/api'
import { mix, textOn } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, fontReadout, fontText, retentionScale } from '@/kernel/ui'
import { bandsOf, cellAt, cellValue, type RfmMeasure } from './figures'

const HEAD = 26
const FOOT = 44
const SIDE = 64
const ROW = 62
const EMPTY = '#F3F6F7'

interface RfmGridProps {
  report: RfmReport
  measure: RfmMeasure
  width: number
}

/** The scores that occur: up is lately, right is often. The square root spreads the tones, for few cells hold most. */
export const RfmGrid = ({ report, measure, width }: RfmGridProps) => {
  const { cells, currency } = report
  const t = useT()
  const format = useFormats()
  const columns = bandsOf(report, 'frequency').map(({ score }) => score)
  const rows = bandsOf(report, 'recency')
    .map(({ score }) => score)
    .reverse()
  const cell = (width - SIDE) / columns.length
  const foot = HEAD + rows.length * ROW
  const most = Math.max(1, ...cells.map((each) => cellValue(each, measure) ?? 0))
  const [low, high] = retentionScale
  const text = (value: number) =>
    measure === 'people' ? format.compact(value) : format.money(value, currency, { compact: true })
  return (
    <svg
      width={width}
      height={foot + FOOT}
      role="img"
      aria-label={t('measure.reports.rfm.label')}
      fontFamily={fontText}
      fontSize="12"
      data-figure=""
    >
      <text y="14" fill={color.secondary}>
        {`▲ ${t('measure.reports.rfm.recency')}`}
      </text>
      {columns.map((frequency, place) => (
        <text
          key={frequency}
          x={SIDE + (place + 0.5) * cell}
          y={foot + 18}
          textAnchor="middle"
          fill={color.muted}
        >
          {`F${frequency}`}
        </text>
      ))}
      <text x={width} y={foot + 38} textAnchor="end" fill={color.secondary}>
        {`${t('measure.reports.rfm.frequency')} ▶`}
      </text>
      {rows.map((recency, row) => (
        <g key={recency} transform={`translate(0 ${HEAD + row * ROW})`}>
          <text x={SIDE - 12} y={ROW / 2 + 4} textAnchor="end" fill={color.muted}>
            {`R${recency}`}
          </text>
          {columns.map((frequency, place) => {
            const value = cellValue(cellAt(cells, recency, frequency), measure)
            const ground = value === null ? EMPTY : mix(low, high, Math.sqrt(Math.max(0, value) / most))
            return (
              <g key={frequency} transform={`translate(${SIDE + place * cell} 0)`}>
                <rect x="1" y="1" width={cell - 2} height={ROW - 2} rx="4" fill={ground} />
                <text
                  x={cell / 2}
                  y={ROW / 2 + 5}
                  textAnchor="middle"
                  fontFamily={fontReadout}
                  fontSize="14"
                  fill={value === null ? color.muted : textOn(ground)}
                >
                  {value === null ? '–' : text(value)}
                </text>
              </g>
            )
          })}
        </g>
      ))}
    </svg>
  )
}
