export const VIEWS = ['mine', 'unassigned', 'all', 'mentioned'] as const
export const STATES = ['open', 'snoozed', 'closed'] as const
export const SORTS = ['newest', 'waiting', 'due'] as const

/** What the inbox shows, as its address says; what is left out is the usual. */
export interface InboxSearch {
  view?: (typeof VIEWS)[number]
  state?: (typeof STATES)[number]
  sort?: (typeof SORTS)[number]
  tag?: string
  c?: number
}

const oneOf = <Word extends string>(words: readonly Word[], value: unknown): Word | undefined =>
  words.find((word) => word === value)

export const parseInboxSearch = (search: Record<string, unknown>): InboxSearch => {
  const found: InboxSearch = {
    view: oneOf(VIEWS, search.view),
    state: oneOf(STATES, search.state),
    sort: oneOf(SORTS, search.sort),
    tag: typeof search.tag === 'string' && search.tag ? search.tag : undefined,
    c: Number.isSafeInteger(search.c) ? (search.c as number) : undefined,
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}
