import type { ReferralMonth, ReferralReport } from '@/kernel/api'
import { linear, ticks, useWidth } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, EmptyState, fontText, Panel, type Twin } from '@/kernel/ui'

const HEIGHT = 240
const TOP = 14
const FOOT = 28
const SIDE = 40
const MONTH = 52

interface KLineProps {
  months: ReferralMonth[]
  width: number
}

/** K by month with its 95 % interval. A month without members has no point. */
const KLine = ({ months, width }: KLineProps) => {
  const t = useT()
  const format = useFormats()
  const most = Math.max(0.01, ...months.flatMap(({ k, high }) => [k ?? 0, high ?? 0]))
  const x = linear([0, Math.max(1, months.length - 1)], [SIDE + 20, width - MONTH / 2 - 4])
  const y = linear([0, most], [HEIGHT - FOOT, TOP])
  const known = months.flatMap((month, index) =>
    month.k === null ? [] : [{ ...month, k: month.k, x: x(index) }],
  )
  const every = Math.max(1, Math.ceil((months.length * MONTH) / Math.max(1, width - SIDE)))
  return (
    <svg
      width={width}
      height={HEIGHT}
      role="img"
      aria-label={t('measure.reports.referral.label')}
      fontFamily={fontText}
      fontSize="12"
      data-figure=""
    >
      {ticks(0, most, 4).map((value) => (
        <g key={value}>
          <path d={`M${SIDE} ${y(value)}H${width}`} stroke={color.line} />
          <text x={SIDE - 8} y={y(value) + 4} textAnchor="end" fill={color.muted}>
            {format.decimal(value, 3)}
          </text>
        </g>
      ))}
      {known.map(({ month, low, high, x: at }) =>
        low === null || high === null ? null : (
          <path
            key={month}
            d={`M${at - 5} ${y(low)}h10M${at} ${y(low)}V${y(high)}M${at - 5} ${y(high)}h10`}
            stroke={color.uncertain}
            strokeWidth="1.5"
          />
        ),
      )}
      <path
        d={known.length > 0 ? `M${known.map((month) => `${month.x} ${y(month.k)}`).join('L')}` : ''}
        fill="none"
        stroke={color.primary}
        strokeWidth="2"
      />
      {known.map((month) => (
        <circle key={month.month} cx={month.x} cy={y(month.k)} r="3.5" fill={color.primary} />
      ))}
      {months.map(({ month }, index) =>
        index % every === 0 ? (
          <text key={month} x={x(index)} y={HEIGHT - 8} textAnchor="middle" fill={color.muted}>
            {format.month(month)}
          </text>
        ) : null,
      )}
    </svg>
  )
}

const useKTwin = (months: ReferralMonth[]): Twin => {
  const t = useT()
  const format = useFormats()
  const count = (value: unknown) => format.count(Number(value))
  const decimal = (value: unknown) => format.decimal(Number(value), 3)
  return {
    columns: [
      { key: 'month', title: t('measure.reports.referral.month') },
      { key: 'invites', title: t('measure.reports.referral.invites'), isNumber: true, format: count },
      { key: 'accepted', title: t('measure.reports.referral.accepted'), isNumber: true, format: count },
      { key: 'k', title: t('measure.reports.referral.k'), isNumber: true, format: decimal },
      { key: 'low', title: t('measure.reports.referral.low'), isNumber: true, format: decimal },
      { key: 'high', title: t('measure.reports.referral.high'), isNumber: true, format: decimal },
    ],
    rows: months.map(({ month, invites, accepted, k, low, high }) => ({
      month,
      invites,
      accepted,
      k,
      low,
      high,
    })),
  }
}

/** How many people each member brings, month by month. */
export const KPanel = ({ report: { series } }: { report: ReferralReport }) => {
  const t = useT()
  const [place, width] = useWidth<HTMLDivElement>()
  const isKnown = series.some(({ k }) => k !== null)
  const twin = useKTwin(series)
  return (
    <Panel
      title={t('measure.reports.referral.title')}
      note={t('measure.reports.referral.note')}
      twin={isKnown ? twin : undefined}
      fileName="fanwheel-k"
    >
      <div ref={place}>
        {isKnown ? null : (
          <EmptyState title={t('measure.reports.referral.empty')}>
            {t('measure.reports.referral.emptyHint')}
          </EmptyState>
        )}
        {isKnown && width > 0 ? <KLine months={series} width={width} /> : null}
      </div>
    </Panel>
  )
}
