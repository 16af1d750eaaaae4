interface Span {
  start: number
  end: number
  /** How many pixels further down the list the view is than its scroll bar says. */
  offset: number
}

export interface RowWindow extends Span {
  /** What to subtract from a row's place to name its elements: the same name means the same elements. */
  shift: number
}

interface WindowInput {
  scrollTop: number
  viewHeight: number
  rowHeight: number
  count: number
  overscan?: number
}

/** Rows that come and go together. */
const BLOCK = 4
/** Pixels. What is taller some browsers cut off, and with it the rows at the end. */
const TALLEST = 15_000_000

/** How tall the rows of a list are together; of very long lists, how tall they pretend to be. */
export const heightOf = (count: number, rowHeight: number): number => Math.min(count * rowHeight, TALLEST)

/** Which rows must exist so that the visible part of a long list, and a little more, is filled. */
export const rowWindow = ({ scrollTop, viewHeight, rowHeight, count, overscan = 8 }: WindowInput): Span => {
  const height = heightOf(count, rowHeight)
  const way = Math.max(1, height - viewHeight)
  const offset = Math.round((count * rowHeight - height) * Math.min(1, scrollTop / way))
  const first = Math.floor((scrollTop + offset) / rowHeight)
  const visible = Math.ceil(viewHeight / rowHeight)
  // Whole blocks, so that a scroll of a few pixels keeps the same rows and React has nothing to do.
  const start = Math.max(0, Math.floor((first - overscan) / BLOCK) * BLOCK)
  const end = Math.min(count, Math.ceil((first + visible + overscan) / BLOCK) * BLOCK)
  return { start: Math.min(start, end), end, offset }
}

/** The next window; after a leap the elements of the rows left behind show those arrived at, if they may be reused. */
export const movedWindow = (now: RowWindow, next: Span, mayReuse: boolean): RowWindow => {
  if (now.start === next.start && now.end === next.end && now.offset === next.offset) return now
  const moved = next.start - now.start
  const isLeap = Math.abs(moved) > (now.end - now.start) / 3
  return { ...next, shift: isLeap && mayReuse ? now.shift + moved : now.shift }
}
