import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { Chart, type ChartOption, tooltipLines, tooltipStyle } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, color, ErrorState, Loading } from '@/kernel/ui'
import { previewTrendQuery } from '../queries'
import styles from '../segments.module.css'
import type { PreviewTrend } from '../view'

const HEIGHT = 150

/** A line of the counts on a band of what they may be; straight lines, because nothing is known in between. */
const useOption = ({ points, is_guess: isGuess }: PreviewTrend): ChartOption => {
  const t = useT()
  const format = useFormats()
  return useMemo(() => {
    const band = (data: number[], fill: string) => ({
      type: 'line',
      stack: 'band',
      symbol: 'none',
      lineStyle: { opacity: 0 },
      areaStyle: { color: fill },
      silent: true,
      data,
    })
    return {
      grid: { left: 4, right: 10, top: 10, bottom: 4, containLabel: true },
      xAxis: {
        type: 'category',
        boundaryGap: false,
        data: points.map(({ at }) => format.day(format.dayOf(at))),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: color.line } },
        axisLabel: { color: color.muted, hideOverlap: true },
      },
      yAxis: {
        type: 'value',
        splitNumber: 2,
        minInterval: 1,
        axisLabel: { color: color.muted, formatter: (value: number) => format.compact(value) },
        splitLine: { lineStyle: { color: color.line } },
      },
      tooltip: {
        ...tooltipStyle,
        trigger: 'axis',
        formatter: (items: { dataIndex: number }[]) => {
          const found = points[items[0]?.dataIndex ?? -1]
          if (!found) return ''
          const { at, people, low, high } = found
          const range = `${format.count(low)}–${format.count(high)}`
          return tooltipLines(format.day(format.dayOf(at)), [
            [t('cdp.segments.trend.size'), format.count(people)],
            ...(isGuess ? [[t('cdp.segments.preview.range'), range] as [string, string]] : []),
          ])
        },
      },
      series: [
        ...(isGuess
          ? [
              band(
                points.map(({ low }) => low),
                'transparent',
              ),
              band(
                points.map(({ low, high }) => high - low),
                color.primarySoft,
              ),
            ]
          : []),
        {
          type: 'line',
          symbolSize: 5,
          lineStyle: { color: color.primary, width: 2 },
          itemStyle: { color: color.primary },
          data: points.map(({ people }) => people),
        },
      ],
    }
  }, [points, isGuess, t, format])
}

const Line = ({ trend }: { trend: PreviewTrend }) => {
  const t = useT()
  const format = useFormats()
  const option = useOption(trend)
  const [first, last] = [trend.points[0]?.people ?? 0, trend.points.at(-1)?.people ?? 0]
  return (
    <>
      <Chart
        label={t('cdp.segments.preview.trendLabel', {
          first: format.count(first),
          last: format.count(last),
        })}
        option={option}
        height={HEIGHT}
      />
      <p className={styles.beside}>
        {t('cdp.segments.preview.trendNote')}
        {trend.is_guess ? ` ${t('cdp.segments.preview.trendGuess')}` : null}
      </p>
    </>
  )
}

/** How many would have been in by the rule, week by week: on demand, because it asks for much. */
export const PreviewTrendPart = ({ rule, segmentId }: { rule: string; segmentId: number | undefined }) => {
  const t = useT()
  const [asked, setAsked] = useState<string | null>(null)
  const isAsked = asked === rule
  const { data, error, refetch } = useQuery({ ...previewTrendQuery(rule, segmentId), enabled: isAsked })
  if (!isAsked)
    return (
      <p className={styles.later}>
        <Button size="small" onClick={() => setAsked(rule)}>
          {t('cdp.segments.preview.lookBack')}
        </Button>
      </p>
    )
  return (
    <>
      <h3 className={styles.subtitle}>{t('cdp.segments.preview.trend')}</h3>
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data ? <Line trend={data} /> : null}
      {!data && !error ? <Loading rows={3} /> : null}
    </>
  )
}
