import type { EChartsCoreOption } from 'echarts/core'
import { useEffect, useRef } from 'react'
import { color, fontText } from '@/kernel/ui/tokens'
import { useMedia } from '@/kernel/ui/use-media'
import styles from './chart.module.css'
import { echarts } from './echarts'

export type ChartOption = EChartsCoreOption

interface ChartProps {
  /** What the figure says, for those who cannot see it. The panel's table has the numbers. */
  label: string
  option: ChartOption
  height: number
  /** Called with the data item that was clicked. */
  onSelect?: (item: unknown) => void
}

const BASE: ChartOption = {
  textStyle: { fontFamily: fontText, fontSize: 12, color: color.ink },
  aria: { enabled: false },
}

/** The one place where a chart meets the page. */
export const Chart = ({ label, option, height, onSelect }: ChartProps) => {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<ReturnType<typeof echarts.init> | null>(null)
  const select = useRef(onSelect)
  select.current = onSelect
  const isStill = useMedia('(prefers-reduced-motion: reduce)')

  useEffect(() => {
    const element = place.current
    if (!element) return
    const instance = echarts.init(element, null, { renderer: 'svg' })
    chart.current = instance
    instance.on('click', (event) => select.current?.(event.data))
    const watcher = new ResizeObserver(() => instance.resize())
    watcher.observe(element)
    return () => {
      watcher.disconnect()
      instance.dispose()
      chart.current = null
    }
  }, [])

  useEffect(() => {
    chart.current?.setOption(
      { ...BASE, animation: !isStill, animationDuration: 300, ...option },
      { notMerge: true },
    )
  }, [option, isStill])

  return (
    <div
      ref={place}
      className={styles.chart}
      style={{ height }}
      role="img"
      aria-label={label}
      data-figure=""
    />
  )
}
