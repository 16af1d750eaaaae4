import type { Said } from './queries'

/** What shows a statement, in the order in which it matters; keys of the catalog with what they name. */
export type Proof =
  | { kind: 'form'; text: string }
  | { kind: 'event'; text: string }
  | { kind: 'via'; via: string; who: string }

const VIAS = new Set(['one_click', 'unsubscribe_page', 'preferences', 'double_opt-in', 'noted'])

const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value
  return value && typeof value === 'object' ? JSON.stringify(value) : ''
}

/** The evidence of a statement as lines. */
export const proofsOf = ({ evidence }: Pick<Said, 'evidence'>): Proof[] => {
  const found: Proof[] = []
  const via = textOf(evidence.via).replaceAll(' ', '_')
  if (VIAS.has(via)) found.push({ kind: 'via', via, who: textOf(evidence.noted_by) })
  for (const name of ['proof', 'form', 'source', 'wording']) {
    const text = textOf(evidence[name])
    if (text) found.push({ kind: 'form', text })
  }
  const event = textOf(evidence.event)
  if (event) found.push({ kind: 'event', text: event })
  return found
}
