import { type RefObject, useCallback, useEffect, useState } from 'react'
import { type RowWindow, rowWindow } from './window'

/** The rows to draw now; all of them when the table is not virtual. */
export const useRowWindow = (
  scroller: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
  isVirtual: boolean,
): RowWindow => {
  const [shown, setShown] = useState<RowWindow>({ start: 0, end: isVirtual ? 60 : count })

  const measure = useCallback(() => {
    const element = scroller.current
    if (!element) return
    const { scrollTop, clientHeight: viewHeight } = element
    const next = rowWindow({ scrollTop, viewHeight, rowHeight, count })
    setShown((now) => (now.start === next.start && now.end === next.end ? now : next))
  }, [scroller, rowHeight, count])

  useEffect(() => {
    const element = scroller.current
    if (!isVirtual || !element) return
    measure()
    const watcher = new ResizeObserver(measure)
    watcher.observe(element)
    element.addEventListener('scroll', measure, { passive: true })
    return () => {
      watcher.disconnect()
      element.removeEventListener('scroll', measure)
    }
  }, [scroller, isVirtual, measure])

  if (!isVirtual) return { start: 0, end: count }
  return { start: Math.min(shown.start, count), end: Math.min(shown.end, count) }
}
