import { STATES, type State } from './types'

/** Which broadcasts are listed, as the page's address says it. */
export interface BroadcastsSearch {
  state?: State
  q?: string
}

/** Keep only what makes sense; an address may have been typed by hand. */
export const parseBroadcastsSearch = ({ state, q }: Record<string, unknown>): BroadcastsSearch => ({
  state: STATES.find((each) => each === state),
  q: typeof q === 'string' && q !== '' ? q : typeof q === 'number' ? String(q) : undefined,
})
