import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Period } from '@/kernel/api'
import { Chart, type ChartOption, tooltipLines, tooltipStyle } from '@/kernel/charts'
import { addDays, useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, EmptyState, Loaded, Panel } from '@/kernel/ui'
import { useDuration } from './duration'
import { useReportTwin } from './groups-panel'
import { type Row, reportQuery } from './queries'

const daysOf = ({ from, to }: Period): string[] => {
  const days: string[] = []
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day)
  return days
}

const useOption = (rows: Row[], period: Period): ChartOption => {
  const t = useT()
  const format = useFormats()
  const duration = useDuration()
  return useMemo(() => {
    const days = daysOf(period)
    const byDay = new Map(rows.map((row) => [row.group_key, row]))
    return {
      grid: { left: 44, right: 64, top: 16, bottom: 28 },
      tooltip: {
        ...tooltipStyle,
        trigger: 'axis',
        formatter: (items: { dataIndex: number }[]) => {
          const day = days[items[0]?.dataIndex ?? 0] ?? ''
          const row = byDay.get(day)
          return tooltipLines(format.day(day), [
            [t('operate.inbox.report.opened'), format.count(row?.opened ?? 0)],
            [
              t('operate.inbox.report.response'),
              row?.response_p50_s != null ? duration(row.response_p50_s) : '–',
            ],
          ])
        },
      },
      xAxis: { type: 'category', data: days.map((day) => format.day(day)), axisTick: { show: false } },
      yAxis: [
        { type: 'value', minInterval: 1, splitLine: { lineStyle: { color: color.line } } },
        {
          type: 'value',
          splitLine: { show: false },
          axisLabel: { formatter: (seconds: number) => duration(seconds) },
        },
      ],
      series: [
        {
          type: 'bar',
          barMaxWidth: 24,
          itemStyle: { color: color.primary },
          data: days.map((day) => byDay.get(day)?.opened ?? 0),
        },
        {
          type: 'line',
          yAxisIndex: 1,
          connectNulls: true,
          symbolSize: 5,
          lineStyle: { color: color.commercial },
          itemStyle: { color: color.commercial },
          data: days.map((day) => byDay.get(day)?.response_p50_s ?? null),
        },
      ],
    }
  }, [rows, period, t, format, duration])
}

/** Day by day: how many conversations began, and how long people waited for the first answer. */
export const DaysPanel = ({ period }: { period: Period }) => {
  const t = useT()
  const format = useFormats()
  const query = useQuery(reportQuery('day', period, format.timeZone))
  const rows = query.data?.items ?? []
  const twin = useReportTwin(rows, t('operate.inbox.report.day'), ({ group_key: day }) => day ?? '')
  const option = useOption(rows, period)
  return (
    <Panel
      title={t('operate.inbox.report.days')}
      note={t('operate.inbox.report.daysNote')}
      twin={rows.length > 0 ? twin : undefined}
      fileName="fanwheel-inbox-days"
    >
      <Loaded query={query} height={240}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('operate.inbox.report.empty')} />
          ) : (
            <Chart label={t('operate.inbox.report.days')} option={option} height={240} />
          )
        }
      </Loaded>
    </Panel>
  )
}
