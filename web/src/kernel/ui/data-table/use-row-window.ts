import { type RefObject, useCallback, useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { movedWindow, type RowWindow, rowWindow } from './window'

const isFocusWithin = (element: HTMLElement) =>
  element !== document.activeElement && element.contains(document.activeElement)

/** The rows to draw now; all of them when the table is not virtual. */
export const useRowWindow = (
  scroller: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
  isVirtual: boolean,
): RowWindow => {
  const [shown, setShown] = useState<RowWindow>({
    start: 0,
    end: isVirtual ? 60 : count,
    offset: 0,
    shift: 0,
  })

  const measure = useCallback(() => {
    const element = scroller.current
    if (!element) return
    const { scrollTop, clientHeight: viewHeight } = element
    const next = rowWindow({ scrollTop, viewHeight, rowHeight, count })
    setShown((now) => movedWindow(now, next, !isFocusWithin(element)))
  }, [scroller, rowHeight, count])

  useEffect(() => {
    const element = scroller.current
    if (!isVirtual || !element) return
    measure()
    const watcher = new ResizeObserver(measure)
    watcher.observe(element)
    // Told once a frame, just before it is drawn: rows that came later would leave a blank and cost a second frame.
    const follow = () => flushSync(measure)
    element.addEventListener('scroll', follow, { passive: true })
    return () => {
      watcher.disconnect()
      element.removeEventListener('scroll', follow)
    }
  }, [scroller, isVirtual, measure])

  if (!isVirtual) return { start: 0, end: count, offset: 0, shift: 0 }
  return { ...shown, start: Math.min(shown.start, count), end: Math.min(shown.end, count) }
}
