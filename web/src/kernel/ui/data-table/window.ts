export interface RowWindow {
  start: number
  end: number
}

interface WindowInput {
  scrollTop: number
  viewHeight: number
  rowHeight: number
  count: number
  overscan?: number
}

/** Which rows must exist so that the visible part of a long list, and a little more, is filled. */
export const rowWindow = ({
  scrollTop,
  viewHeight,
  rowHeight,
  count,
  overscan = 12,
}: WindowInput): RowWindow => {
  const first = Math.floor(scrollTop / rowHeight)
  const visible = Math.ceil(viewHeight / rowHeight)
  // Whole blocks, so that a scroll of a few pixels keeps the same rows and React has nothing to do.
  const start = Math.max(0, Math.floor((first - overscan) / overscan) * overscan)
  const end = Math.min(count, Math.ceil((first + visible + overscan) / overscan) * overscan)
  return { start: Math.min(start, end), end }
}
