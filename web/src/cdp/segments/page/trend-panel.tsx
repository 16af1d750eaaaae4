import { useMemo } from 'react'
import { Chart, type ChartOption, tooltipLines, tooltipStyle } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, EmptyState, Panel, type Twin } from '@/kernel/ui'
import type { TrendDay } from '../view'

const HEIGHT = 300

const useOption = (trend: TrendDay[]): ChartOption => {
  const t = useT()
  const format = useFormats()
  return useMemo(() => {
    const days = trend.map(({ day }) => day)
    const label = { color: color.muted, formatter: (day: string) => format.day(day) }
    const xAxis = (gridIndex: number, show: boolean) => ({
      type: 'category',
      gridIndex,
      data: days,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: color.line } },
      axisLabel: { ...label, show },
    })
    const yAxis = (gridIndex: number, name: string, splitNumber: number) => ({
      type: 'value',
      gridIndex,
      name,
      nameTextStyle: { color: color.muted, align: 'left' },
      splitNumber,
      minInterval: 1,
      axisLabel: { color: color.muted, formatter: (value: number) => format.compact(Math.abs(value)) },
      splitLine: { lineStyle: { color: color.line } },
    })
    const bars = (name: string, values: number[], fill: string) => ({
      name,
      type: 'bar',
      stack: 'moves',
      xAxisIndex: 1,
      yAxisIndex: 1,
      barCategoryGap: '20%',
      itemStyle: { color: fill },
      data: values,
    })
    return {
      grid: [
        { left: 8, right: 12, top: 28, height: 132, containLabel: true },
        { left: 8, right: 12, top: 196, height: 74, containLabel: true },
      ],
      xAxis: [xAxis(0, false), xAxis(1, true)],
      yAxis: [yAxis(0, t('cdp.segments.trend.size'), 3), yAxis(1, t('cdp.segments.trend.moves'), 2)],
      tooltip: {
        ...tooltipStyle,
        trigger: 'axis',
        formatter: (items: { dataIndex: number }[]) => {
          const found = trend[items[0]?.dataIndex ?? -1]
          if (!found) return ''
          return tooltipLines(format.day(found.day), [
            [t('cdp.segments.trend.size'), format.count(found.size)],
            [t('cdp.segments.trend.entries'), `▲ ${format.count(found.entries)}`],
            [t('cdp.segments.trend.exits'), `▼ ${format.count(found.exits)}`],
          ])
        },
      },
      series: [
        {
          name: t('cdp.segments.trend.size'),
          type: 'line',
          step: 'end',
          showSymbol: trend.length < 3,
          lineStyle: { color: color.primary, width: 2 },
          itemStyle: { color: color.primary },
          areaStyle: { color: color.primarySoft },
          data: trend.map(({ size }) => size),
        },
        bars(
          t('cdp.segments.trend.entries'),
          trend.map(({ entries }) => entries),
          '#4689AA',
        ),
        bars(
          t('cdp.segments.trend.exits'),
          trend.map(({ exits }) => -exits),
          color.uncertain,
        ),
      ],
    }
  }, [trend, t, format])
}

const useTwin = (trend: TrendDay[]): Twin => {
  const t = useT()
  const format = useFormats()
  const count = (value: unknown) => format.count(Number(value))
  const number = (key: string, title: string) => ({ key, title, isNumber: true, format: count })
  return {
    columns: [
      { key: 'day', title: t('cdp.segments.trend.day') },
      number('size', t('cdp.segments.trend.size')),
      number('entries', t('cdp.segments.trend.entries')),
      number('exits', t('cdp.segments.trend.exits')),
    ],
    rows: trend.map(({ day, size, entries, exits }) => ({ day, size, entries, exits })),
  }
}

/** How many were in, day by day, with who came and who went. */
export const TrendPanel = ({ trend }: { trend: TrendDay[] }) => {
  const t = useT()
  const option = useOption(trend)
  const twin = useTwin(trend)
  return (
    <Panel
      title={t('cdp.segments.trend.title')}
      note={t('cdp.segments.trend.note')}
      twin={trend.length > 0 ? twin : undefined}
      fileName="fanwheel-segment-trend"
    >
      {trend.length === 0 ? (
        <EmptyState title={t('cdp.segments.trend.empty')}>{t('cdp.segments.trend.emptyHint')}</EmptyState>
      ) : (
        <Chart label={t('cdp.segments.trend.label')} option={option} height={HEIGHT} />
      )}
    </Panel>
  )
}
