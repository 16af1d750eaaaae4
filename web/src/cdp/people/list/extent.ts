/** How long a list is, as far as its pages have told. */
export interface Extent {
  /** What the server thinks. */
  total: number
  isEstimate: boolean
  /** So many there are for sure. */
  atLeast: number
  /** Nobody comes from here on, once the end has been seen. */
  end: number | null
}

export interface Page {
  items: readonly unknown[]
  next_cursor: string | null
  total: number
  total_is_estimate: boolean
}

export const NOTHING: Extent = { total: 0, isEstimate: false, atLeast: 0, end: null }

/** What is known once another page has come, which begins at a place. */
export const grown = (extent: Extent, page: Page, skip: number, size: number): Extent => {
  const { total, total_is_estimate: isEstimate } = page
  const known = { ...extent, total, isEstimate }
  if (!isEstimate) return { ...known, atLeast: total, end: total }
  const last = skip + page.items.length
  const isEnd = page.items.length < size || page.next_cursor === null
  const end = isEnd ? Math.min(last, extent.end ?? last) : extent.end
  return { ...known, end, atLeast: Math.max(extent.atLeast, last + (isEnd ? 0 : 1)) }
}

/** How many rows the list has: the true number once it is known, else the best guess. */
export const lengthOf = ({ total, atLeast, end }: Extent): number => end ?? Math.max(total, atLeast)

/** The pages of which some rows are drawn or soon will be. */
export const pagesAround = (start: number, end: number, size: number, length: number): number[] => {
  // Turned by a window a frame, a list has moved on by half a page before an answer comes.
  const ahead = size * 0.75
  const first = Math.max(0, Math.floor((start - ahead) / size))
  const last = Math.floor(Math.max(0, Math.min(end + ahead, length - 1)) / size)
  return Array.from({ length: Math.max(1, last - first + 1) }, (_, place) => first + place)
}
