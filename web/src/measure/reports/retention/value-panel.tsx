import { useQuery } from '@tanstack/react-query'
import type { Cohort, CohortsReport } from '@/kernel/api'
import { linear, mix, ticks, useWidth } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, EmptyState, fontText, Loaded, Panel, type Twin } from '@/kernel/ui'
import { monthlyCohortsQuery } from '../queries'
import { valuePerBuyer } from './figures'

const MOST_COHORTS = 12
const HEIGHT = 280
const TOP = 14
const FOOT = 40
const SIDE = 52
const NAMES = 56
const OLDEST = '#9DBFD9'
const NEWEST = '#0B5566'

interface ValueLinesProps {
  cohorts: Cohort[]
  currency: string
  width: number
}

/** A line a cohort; the darker, the newer. */
const ValueLines = ({ cohorts, currency, width }: ValueLinesProps) => {
  const t = useT()
  const format = useFormats()
  const lines = cohorts.map((cohort) => ({ cohort: cohort.cohort, values: valuePerBuyer(cohort) }))
  const longest = Math.max(2, ...lines.map(({ values }) => values.length))
  const most = Math.max(1, ...lines.flatMap(({ values }) => values))
  const x = linear([0, longest - 1], [SIDE, width - NAMES])
  const y = linear([0, most], [HEIGHT - FOOT, TOP])
  return (
    <svg
      width={width}
      height={HEIGHT}
      role="img"
      aria-label={t('measure.reports.retention.label')}
      fontFamily={fontText}
      fontSize="12"
      data-figure=""
    >
      {ticks(0, most, 4).map((minor) => (
        <g key={minor}>
          <path d={`M${SIDE} ${y(minor)}H${width - NAMES}`} stroke={color.line} />
          <text x={SIDE - 8} y={y(minor) + 4} textAnchor="end" fill={color.muted}>
            {format.money(Math.round(minor), currency, { compact: true })}
          </text>
        </g>
      ))}
      {Array.from({ length: longest }, (_, index) => index)
        .filter((index) => longest <= 14 || index % 2 === 0)
        .map((index) => (
          <text key={index} x={x(index)} y={HEIGHT - 22} textAnchor="middle" fill={color.muted}>
            {index}
          </text>
        ))}
      <text x={(SIDE + width - NAMES) / 2} y={HEIGHT - 4} textAnchor="middle" fill={color.secondary}>
        {t('measure.reports.retention.since')}
      </text>
      {lines.map(({ cohort, values }, index) => {
        const tint = mix(OLDEST, NEWEST, lines.length > 1 ? index / (lines.length - 1) : 1)
        const isNamed = index === 0 || index === lines.length - 1 || index === Math.floor(lines.length / 2)
        return (
          <g key={cohort}>
            <path
              d={`M${values.map((value, at) => `${x(at)} ${y(value)}`).join('L')}`}
              fill="none"
              stroke={tint}
              strokeWidth="2"
            />
            <circle cx={x(values.length - 1)} cy={y(values.at(-1) ?? 0)} r="3" fill={tint} />
            {isNamed ? (
              <text
                x={x(values.length - 1) + 7}
                y={y(values.at(-1) ?? 0) + 4}
                fill={color.secondary}
                stroke={color.panel}
                strokeWidth="4"
                paintOrder="stroke"
              >
                {format.month(cohort)}
              </text>
            ) : null}
          </g>
        )
      })}
    </svg>
  )
}

const useValueTwin = ({ cohorts, currency }: CohortsReport): Twin => {
  const t = useT()
  const format = useFormats()
  const money = (value: unknown) => format.money(Number(value), currency)
  const longest = Math.max(0, ...cohorts.map(({ revenue_minor }) => revenue_minor.length))
  return {
    columns: [
      { key: 'cohort', title: t('measure.reports.retention.cohort') },
      ...Array.from({ length: longest }, (_, index) => ({
        key: `at${index}`,
        title: t('measure.reports.retention.month', { index }),
        isNumber: true,
        format: money,
      })),
    ],
    rows: cohorts.map((cohort) => ({
      cohort: format.month(cohort.cohort),
      ...Object.fromEntries(valuePerBuyer(cohort).map((value, index) => [`at${index}`, Math.round(value)])),
    })),
  }
}

const ValueFigure = ({ report }: { report: CohortsReport }) => {
  const t = useT()
  const [place, width] = useWidth<HTMLDivElement>()
  const shown = { ...report, cohorts: report.cohorts.slice(-MOST_COHORTS) }
  const twin = useValueTwin(shown)
  const isEmpty = shown.cohorts.length === 0
  return (
    <Panel
      title={t('measure.reports.retention.title')}
      note={t('measure.reports.retention.note')}
      twin={isEmpty ? undefined : twin}
      fileName="fanwheel-value-by-cohort"
    >
      <div ref={place}>
        {isEmpty ? (
          <EmptyState title={t('measure.reports.noBuyers')}>{t('measure.reports.noBuyersHint')}</EmptyState>
        ) : null}
        {!isEmpty && width > 0 ? (
          <ValueLines cohorts={shown.cohorts} currency={report.currency} width={width} />
        ) : null}
      </div>
    </Panel>
  )
}

/** What a buyer has brought so far, by the month of the first order. */
export const ValuePanel = () => {
  const query = useQuery(monthlyCohortsQuery())
  return (
    <Loaded query={query} height={320}>
      {(report) => <ValueFigure report={report} />}
    </Loaded>
  )
}
