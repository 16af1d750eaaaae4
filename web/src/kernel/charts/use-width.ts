import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

/** The width a drawing of our own has to fill, in pixels; 0 before it is known. */
export const useWidth = <Element extends HTMLElement>(): [RefObject<Element | null>, number] => {
  const place = useRef<Element>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = place.current
    if (!element) return
    setWidth(element.clientWidth)
    const watcher = new ResizeObserver(() => setWidth(element.clientWidth))
    watcher.observe(element)
    return () => watcher.disconnect()
  }, [])
  return [place, width]
}
