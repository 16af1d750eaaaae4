import type { Action } from './queries'

/** The things an action names: its tags, its list, its trait. */
export const namesOf = ({ args }: Pick<Action, 'args'>): string[] => {
  const { tags, list_name: list, new_list: fresh, trait } = args as Record<string, unknown>
  if (Array.isArray(tags)) return tags.map(String)
  const name = [list, fresh, trait].find((each) => typeof each === 'string' && each !== '')
  return name === undefined ? [] : [String(name)]
}

/** The list that an action is about. */
export const listOf = ({ args }: Pick<Action, 'args'>): number | null => {
  const { list_id: id } = args as Record<string, unknown>
  return typeof id === 'number' ? id : null
}

/** How far an action has come, from 0 to 1. */
export const shareOf = ({ status, people, done, changed, taken_back: back }: Action): number => {
  const [part, whole] = status === 'undoing' ? [back, changed] : [done, people]
  return whole > 0 ? Math.min(1, part / whole) : 0
}
