import type { AttributionRow } from '@/kernel/api'
import { shorten } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, domainColor, fontReadout, fontText } from '@/kernel/ui'

const TOP = 30
const ROW = 42
const BAR = 12
const FIGURE = 66

interface SpendBarsProps {
  rows: AttributionRow[]
  nameOf: (row: AttributionRow) => string
  currency: string
  width: number
}

interface BarProps {
  y: number
  length: number
  text: string
  tint: string
  isHollow: boolean
}

/** A solid bar is money spent; a hollow dashed one is credit, which proves nothing. */
const Bar = ({ y, length, text, tint, isHollow }: BarProps) => (
  <>
    {length > 0 ? (
      <rect
        x="0.5"
        y={y + 0.5}
        width={Math.max(2, length)}
        height={BAR - 1}
        rx="2"
        fill={isHollow ? '#fff' : tint}
        stroke={tint}
        strokeDasharray={isHollow ? '3 2' : undefined}
      />
    ) : null}
    <text
      x={length + 7}
      y={y + 10}
      fontFamily={fontReadout}
      fontSize="12"
      fill={isHollow ? color.secondary : color.ink}
    >
      {text}
    </text>
  </>
)

/** Spend and credited revenue, source by source, on one linear scale. */
export const SpendBars = ({ rows, nameOf, currency, width }: SpendBarsProps) => {
  const t = useT()
  const format = useFormats()
  if (width === 0) return null
  const names = width < 480 ? 128 : 168
  const most = Math.max(1, ...rows.flatMap((row) => [row.spend_minor, row.credited_revenue_minor]))
  const scale = (minor: number) => (minor / most) * (width - names - FIGURE)
  const money = (minor: number) => format.money(minor, currency, { compact: true })
  const height = TOP + rows.length * ROW
  return (
    <svg
      width={width}
      height={height}
      role="img"
      aria-label={t('measure.cockpit.spend.label')}
      data-figure=""
    >
      <g fontFamily={fontText} fontSize="12" fill={color.secondary}>
        <rect x={names} y="3" width="14" height="9" rx="2" fill={color.secondary} />
        <text x={names + 20} y="12">
          {t('measure.cockpit.spend.spent')}
        </text>
        <rect
          x={names + 86.5}
          y="3.5"
          width="14"
          height="9"
          rx="2"
          fill="#fff"
          stroke={color.secondary}
          strokeDasharray="3 2"
        />
        <text x={names + 106} y="12">
          {t('measure.cockpit.spend.creditedShort')}
        </text>
      </g>
      {rows.map((row, index) => (
        <g key={row.source_id} transform={`translate(0 ${TOP + index * ROW})`}>
          <rect y="8" width="9" height="9" rx="2" fill={domainColor[row.domain]} />
          <text x="16" y="17" fontFamily={fontText} fontSize="13" fill={color.ink}>
            {shorten(nameOf(row), names - 24)}
          </text>
          <g transform={`translate(${names} 0)`}>
            {row.spend_minor > 0 ? (
              <Bar
                y={0}
                length={scale(row.spend_minor)}
                text={money(row.spend_minor)}
                tint={domainColor[row.domain]}
                isHollow={false}
              />
            ) : null}
            <Bar
              y={row.spend_minor > 0 ? 15 : 7}
              length={scale(row.credited_revenue_minor)}
              text={money(row.credited_revenue_minor)}
              tint={domainColor[row.domain]}
              isHollow
            />
          </g>
        </g>
      ))}
    </svg>
  )
}
