/** Who is ticked: some people by their ids, or all who match but some. */
export interface Selection {
  isAll: boolean
  /** The ids ticked; where all are, the ids that were unticked again. */
  ids: ReadonlySet<number>
}

export const NOBODY: Selection = { isAll: false, ids: new Set() }
export const EVERYBODY: Selection = { isAll: true, ids: new Set() }

export const isIn = ({ isAll, ids }: Selection, id: number): boolean => isAll !== ids.has(id)

/** The selection with some people ticked or not. */
export const withPeople = (
  { isAll, ids }: Selection,
  changed: readonly number[],
  isOn: boolean,
): Selection => {
  const next = new Set(ids)
  for (const id of changed) {
    if (isOn === isAll) next.delete(id)
    else next.add(id)
  }
  return { isAll, ids: next }
}

export const countOf = ({ isAll, ids }: Selection, total: number): number =>
  isAll ? Math.max(0, total - ids.size) : ids.size

/** What the box above all others shows. */
export const stateOf = (selection: Selection, total: number): 'none' | 'some' | 'all' => {
  const count = countOf(selection, total)
  if (count === 0) return 'none'
  return selection.isAll && selection.ids.size === 0 ? 'all' : 'some'
}
