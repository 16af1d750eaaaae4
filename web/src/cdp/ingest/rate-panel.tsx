import { useMemo } from 'react'
import type { Schemas } from '@/kernel/api'
import { Chart, type ChartOption, tooltipLines, tooltipStyle } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, Panel, type Twin } from '@/kernel/ui'
import { type Slot, slotMinutes, toSlots } from './slots'

const OUTCOMES = ['accepted', 'rejected', 'duplicate'] as const
const PAINT = { accepted: color.primary, rejected: color.waste, duplicate: color.uncertain } as const
const DAY_MINUTES = 1440

interface RatePanelProps {
  stats: Schemas['IngestStats']
  minutes: number
}

/** How many events came in, over time. */
export const RatePanel = ({ stats, minutes }: RatePanelProps) => {
  const t = useT()
  const format = useFormats()
  const slots = useMemo(() => toSlots(stats.series, minutes, Date.now()), [stats, minutes])
  const instant = (from: number) => new Date(from).toISOString()
  const names = {
    accepted: t('cdp.ingest.accepted'),
    rejected: t('cdp.ingest.rejected'),
    duplicate: t('cdp.ingest.duplicate'),
  }
  const name = (from: number) =>
    minutes > DAY_MINUTES ? format.instant(instant(from), 'minute') : format.clock(instant(from))
  const lines = (slot: Slot) => OUTCOMES.map((each) => [names[each], format.count(slot[each])] as const)
  const option: ChartOption = {
    grid: { left: 4, right: 8, top: 12, bottom: 0, containLabel: true },
    tooltip: {
      ...tooltipStyle,
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      formatter: (items: { dataIndex: number }[]) => {
        const slot = slots[items[0]?.dataIndex ?? 0]
        return slot ? tooltipLines(format.instant(instant(slot.from), 'minute'), lines(slot)) : ''
      },
    },
    xAxis: {
      type: 'category',
      data: slots.map(({ from }) => name(from)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: color.line } },
      axisLabel: { color: color.muted, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      splitLine: { lineStyle: { color: color.line } },
      axisLabel: { color: color.muted, formatter: (value: number) => format.compact(value) },
    },
    series: OUTCOMES.map((each) => ({
      type: 'bar',
      name: names[each],
      stack: 'events',
      data: slots.map((slot) => slot[each]),
      itemStyle: { color: PAINT[each] },
      barCategoryGap: '20%',
    })),
  }
  const twin: Twin = {
    columns: [
      { key: 'from', title: t('cdp.ingest.rate.time') },
      ...OUTCOMES.map((key) => ({
        key,
        title: names[key],
        isNumber: true,
        format: (value: unknown) => format.count(Number(value)),
      })),
    ],
    rows: slots.map((slot) => ({ ...slot, from: instant(slot.from) })),
  }
  return (
    <Panel
      title={t('cdp.ingest.rate.title')}
      note={t('cdp.ingest.rate.note', { minutes: slotMinutes(minutes) })}
      twin={twin}
      fileName="fanwheel-ingest"
    >
      <Chart label={t('cdp.ingest.rate.label')} option={option} height={200} />
    </Panel>
  )
}
