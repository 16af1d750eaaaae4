/** What a new segment begins with, as the page's address says it. */
export interface NewSegmentSearch {
  /** The key of a template. */
  template?: string
  /** The id of a segment to copy. */
  copy?: number
}

const whole = (value: unknown): number | undefined => {
  const number = Number(value)
  return Number.isSafeInteger(number) && number > 0 ? number : undefined
}

export const parseNewSegmentSearch = (search: Record<string, unknown>): NewSegmentSearch => ({
  template: typeof search.template === 'string' && search.template !== '' ? search.template : undefined,
  copy: whole(search.copy),
})
