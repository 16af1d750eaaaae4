import { useMemo } from 'react'
import { Chart, type ChartOption, tooltipLines, tooltipStyle } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, EmptyState, Panel, type Twin } from '@/kernel/ui'
import styles from '../broadcasts.module.css'
import type { Report } from '../types'

const HEIGHT = 220

type Series = Report['series']

const useOption = (series: Series): ChartOption => {
  const t = useT()
  const format = useFormats()
  return useMemo(
    () => ({
      grid: { left: 8, right: 12, top: 12, bottom: 8, containLabel: true },
      xAxis: {
        type: 'category',
        data: series.map(({ at }) => at),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: color.line } },
        axisLabel: { color: color.muted, hideOverlap: true, formatter: (at: string) => format.clock(at) },
      },
      yAxis: {
        type: 'value',
        minInterval: 1,
        splitNumber: 3,
        axisLabel: { color: color.muted, formatter: (value: number) => format.compact(value) },
        splitLine: { lineStyle: { color: color.line } },
      },
      tooltip: {
        ...tooltipStyle,
        trigger: 'axis',
        formatter: (items: { dataIndex: number }[]) => {
          const found = series[items[0]?.dataIndex ?? -1]
          if (!found) return ''
          return tooltipLines(format.instant(found.at), [
            [t('operate.broadcasts.report.sent'), format.count(found.sent)],
          ])
        },
      },
      series: [
        {
          type: 'bar',
          barMaxWidth: 36,
          barCategoryGap: '15%',
          itemStyle: { color: color.primary },
          data: series.map(({ sent }) => sent),
        },
      ],
    }),
    [series, t, format],
  )
}

/** How many went out, minute by minute or hour by hour. */
export const SeriesPanel = ({ series }: { series: Series }) => {
  const t = useT()
  const format = useFormats()
  const option = useOption(series)
  const twin: Twin = {
    columns: [
      { key: 'at', title: t('operate.broadcasts.report.at'), format: (at) => format.instant(String(at)) },
      {
        key: 'sent',
        title: t('operate.broadcasts.report.sent'),
        isNumber: true,
        format: (sent) => format.count(Number(sent)),
      },
    ],
    rows: series.map(({ at, sent }) => ({ at, sent })),
  }
  return (
    <Panel
      title={t('operate.broadcasts.report.series')}
      twin={series.length > 0 ? twin : undefined}
      fileName="fanwheel-broadcast"
      className={styles.panel}
    >
      {series.length === 0 ? (
        <EmptyState title={t('operate.broadcasts.report.noSeries')} />
      ) : (
        <Chart label={t('operate.broadcasts.report.seriesLabel')} option={option} height={HEIGHT} />
      )}
    </Panel>
  )
}
