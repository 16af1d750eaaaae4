import type { EChartsCoreOption } from 'echarts/core'
import { useEffect, useRef } from 'react'
import { color, fontText } from '@/kernel/ui/tokens'
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
  // Instruments show where they stand; they do not perform. This also keeps to prefers-reduced-motion.
  animation: false,
}

/** The one place where a chart meets the page. */
export const Chart = ({ label, option, height, onSelect }: ChartProps) => {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<ReturnType<typeof echarts.init> | null>(null)
  const select = useRef(onSelect)
  select.current = onSelect

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
    // Merging the old picture into the new one makes the tree stumble over people who left it.
    chart.current?.clear()
    chart.current?.setOption({ ...BASE, ...option })
  }, [option])

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
