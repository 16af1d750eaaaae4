import type { ClvReport } from '@/kernel/api'
import { linear, ticks } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, fontText } from '@/kernel/ui'

const HEIGHT = 260
const TOP = 22
const FOOT = 30
const SIDE = 46

interface DistributionProps {
  report: ClvReport
  width: number
}

/** How many people are expected to bring how much; the mean is marked. */
export const Distribution = ({ report, width }: DistributionProps) => {
  const t = useT()
  const format = useFormats()
  const { distribution: bars, currency, mean_minor } = report
  const most = Math.max(1, ...bars.map(({ people }) => people))
  const low = bars[0]?.low_minor ?? 0
  const high = Math.max(low + 1, bars.at(-1)?.high_minor ?? 1)
  const x = linear([low, high], [SIDE, width - 24])
  const y = linear([0, most], [HEIGHT - FOOT, TOP])
  const money = (minor: number) => format.money(minor, currency, { compact: true })
  const meanX = x(Math.min(high, Math.max(low, mean_minor)))
  return (
    <svg
      width={width}
      height={HEIGHT}
      role="img"
      aria-label={t('measure.reports.clv.distribution.label')}
      fontFamily={fontText}
      fontSize="12"
      data-figure=""
    >
      {ticks(0, most, 4).map((people) => (
        <g key={people}>
          <path d={`M${SIDE} ${y(people)}H${width}`} stroke={color.line} />
          <text x={SIDE - 8} y={y(people) + 4} textAnchor="end" fill={color.muted}>
            {format.compact(people)}
          </text>
        </g>
      ))}
      {bars.map(({ low_minor, high_minor, people }) => (
        <rect
          key={low_minor}
          x={x(low_minor) + 0.5}
          y={y(people)}
          width={Math.max(1, x(high_minor) - x(low_minor) - 1)}
          height={y(0) - y(people)}
          fill={color.primary}
        />
      ))}
      {ticks(low, high, width < 480 ? 3 : 6).map((minor) => (
        <text key={minor} x={x(minor)} y={HEIGHT - 10} textAnchor="middle" fill={color.muted}>
          {money(minor)}
        </text>
      ))}
      <path d={`M${meanX} ${TOP - 4}V${y(0)}`} stroke={color.ink} strokeDasharray="4 3" />
      <text
        x={meanX}
        y="12"
        textAnchor={meanX > width * 0.7 ? 'end' : meanX < width * 0.2 ? 'start' : 'middle'}
        fill={color.ink}
      >
        {t('measure.reports.clv.mean', { mean: money(mean_minor) })}
      </text>
    </svg>
  )
}
