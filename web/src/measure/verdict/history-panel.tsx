import { useId } from 'react'
import type { VerdictReport } from '@/kernel/api'
import { linear, shorten, useWidth } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, EmptyState, fontText, Panel, type Twin } from '@/kernel/ui'
import { type Course, courseRange, courses } from './figures'
import { stateColor, stateMark, stateTextColor } from './state-chip'

const LEAST_CELL = 210
const GAP = 20
const CELL = 132
const TOP = 44
const FOOT = 18

interface SmallProps {
  course: Course
  name: string
  width: number
  /** The first and last day of all courses, so that they can be compared. */
  days: readonly [number, number]
}

const time = (day: string) => Date.parse(`${day}T00:00:00Z`)

/** One channel over the days: the estimate, the interval that narrows around it, and the state below. */
const Small = ({ course, name, width, days }: SmallProps) => {
  const t = useT()
  const format = useFormats()
  const clip = useId()
  const x = linear(days, [0, width])
  const y = linear(courseRange(course.days), [CELL - FOOT, TOP])
  const at = course.days.map((day) => ({ ...day, x: x(time(day.day)) }))
  const upper = at.map((day) => `${day.x} ${y(day.high_minor)}`)
  const lower = at.map((day) => `${day.x} ${y(day.low_minor)}`).reverse()
  const step = at.length > 1 ? width / at.length : width
  return (
    <g fontFamily={fontText} fontSize="13">
      <text y="14" fill={color.ink} fontWeight="550">
        {shorten(name, width)}
      </text>
      <text y="32" fontSize="12" fill={stateTextColor[course.state]}>
        {`${stateMark[course.state]} ${t('measure.verdict.history.since', {
          state: t(`measure.verdict.state.${course.state}`),
          day: format.day(course.since),
        })}`}
      </text>
      <clipPath id={clip}>
        <rect x="-1" y={TOP} width={width + 2} height={CELL - FOOT - TOP} />
      </clipPath>
      <g clipPath={`url(#${clip})`}>
        <path d={`M${[...upper, ...lower].join('L')}Z`} fill="#E3E9EC" />
        <path d={`M0 ${y(0)}H${width}`} stroke={color.control} strokeDasharray="3 3" />
        <path
          d={`M${at.map((day) => `${day.x} ${y(day.estimate_minor)}`).join('L')}`}
          fill="none"
          stroke={color.ink}
          strokeWidth="1.5"
        />
      </g>
      {at.map((day) => (
        <rect
          key={day.day}
          x={Math.min(day.x, width - step)}
          y={CELL - FOOT + 6}
          width={Math.max(1, step)}
          height="6"
          fill={day.state === 'unproven' ? '#E3E9EC' : stateColor[day.state]}
        />
      ))}
    </g>
  )
}

const useHistoryTwin = (found: Course[], nameOf: (channel: string) => string, currency: string): Twin => {
  const t = useT()
  const format = useFormats()
  const money = (value: unknown) => format.money(Number(value), currency)
  const amount = (key: string, title: string) => ({ key, title, isNumber: true, format: money })
  return {
    columns: [
      { key: 'channel', title: t('measure.verdict.column.channel') },
      { key: 'day', title: t('measure.verdict.history.day') },
      { key: 'state', title: t('measure.verdict.column.state') },
      amount('profit', t('measure.verdict.column.profit')),
      amount('low', t('measure.verdict.low')),
      amount('high', t('measure.verdict.high')),
    ],
    rows: found.flatMap(({ channel, days }) =>
      days.map((day) => ({
        channel: nameOf(channel),
        day: day.day,
        state: t(`measure.verdict.state.${day.state}`),
        profit: day.estimate_minor,
        low: day.low_minor,
        high: day.high_minor,
      })),
    ),
  }
}

/** How each verdict came about. */
export const HistoryPanel = ({ report }: { report: VerdictReport }) => {
  const t = useT()
  const [place, width] = useWidth<HTMLDivElement>()
  const found = courses(report)
  const names = new Map(report.rows.map(({ channel, name }) => [channel, name || channel]))
  const nameOf = (channel: string) => names.get(channel) ?? channel
  const twin = useHistoryTwin(found, nameOf, report.currency)
  const most = Math.max(1, Math.floor((width + GAP) / (LEAST_CELL + GAP)))
  const columns = Math.ceil(found.length / Math.ceil(found.length / most)) || 1
  const cell = (width - (columns - 1) * GAP) / columns
  const times = found.flatMap(({ days }) => days.map(({ day }) => time(day)))
  const days = [Math.min(...times), Math.max(...times)] as const
  return (
    <Panel
      title={t('measure.verdict.history.title')}
      note={t('measure.verdict.history.note')}
      twin={found.length > 0 ? twin : undefined}
      fileName="fanwheel-verdict-history"
    >
      <div ref={place}>
        {found.length === 0 ? (
          <EmptyState title={t('measure.verdict.history.empty')}>
            {t('measure.verdict.history.emptyHint')}
          </EmptyState>
        ) : null}
        {found.length > 0 && width > 0 ? (
          <svg
            width={width}
            height={Math.ceil(found.length / columns) * (CELL + GAP) - GAP}
            role="img"
            aria-label={t('measure.verdict.history.label')}
            data-figure=""
          >
            {found.map((course, index) => (
              <g
                key={course.channel}
                transform={`translate(${(index % columns) * (cell + GAP)} ${Math.floor(index / columns) * (CELL + GAP)})`}
              >
                <Small course={course} name={nameOf(course.channel)} width={cell} days={days} />
              </g>
            ))}
          </svg>
        ) : null}
      </div>
    </Panel>
  )
}
