import type { ClvReport } from '@/kernel/api'
import { linear, ticks } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, fontText } from '@/kernel/ui'

const HEIGHT = 260
const TOP = 28
const FOOT = 30
const SIDE = 34

type Point = NonNullable<ClvReport['calibration']>[number]

interface CalibrationProps {
  points: Point[]
  width: number
}

/** Expected beside actual repeat purchases: where the lines part, the model is wrong. */
export const Calibration = ({ points, width }: CalibrationProps) => {
  const t = useT()
  const format = useFormats()
  const most = Math.max(0.1, ...points.flatMap(({ predicted, actual }) => [predicted, actual]))
  const x = linear([0, Math.max(1, points.length - 1)], [SIDE + 14, width - 14])
  const y = linear([0, most], [HEIGHT - FOOT, TOP])
  const line = (value: (point: Point) => number) =>
    `M${points.map((point, index) => `${x(index)} ${y(value(point))}`).join('L')}`
  return (
    <svg
      width={width}
      height={HEIGHT}
      role="img"
      aria-label={t('measure.reports.clv.calibration.label')}
      fontFamily={fontText}
      fontSize="12"
      data-figure=""
    >
      <g fill={color.secondary}>
        <path d={`M${SIDE} 8h18`} stroke={color.ink} strokeWidth="2" />
        <text x={SIDE + 24} y="12">
          {t('measure.reports.clv.calibration.actual')}
        </text>
        <path d={`M${SIDE + 120} 8h18`} stroke={color.primary} strokeWidth="2" strokeDasharray="5 3" />
        <text x={SIDE + 144} y="12">
          {t('measure.reports.clv.calibration.predicted')}
        </text>
      </g>
      {ticks(0, most, 4).map((purchases) => (
        <g key={purchases}>
          <path d={`M${SIDE} ${y(purchases)}H${width}`} stroke={color.line} />
          <text x={SIDE - 8} y={y(purchases) + 4} textAnchor="end" fill={color.muted}>
            {format.decimal(purchases)}
          </text>
        </g>
      ))}
      <path d={line(({ actual }) => actual)} fill="none" stroke={color.ink} strokeWidth="2" />
      <path
        d={line(({ predicted }) => predicted)}
        fill="none"
        stroke={color.primary}
        strokeWidth="2"
        strokeDasharray="5 3"
      />
      {points.map((point, index) => (
        <g key={point.frequency}>
          <circle cx={x(index)} cy={y(point.actual)} r="3.5" fill={color.ink} />
          <circle
            cx={x(index)}
            cy={y(point.predicted)}
            r="3.5"
            fill="#fff"
            stroke={color.primary}
            strokeWidth="2"
          />
          <text x={x(index)} y={HEIGHT - 10} textAnchor="middle" fill={color.muted}>
            {point.frequency}
          </text>
        </g>
      ))}
    </svg>
  )
}
