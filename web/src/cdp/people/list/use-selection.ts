import { useCallback, useEffect, useMemo, useRef } from 'react'
import type { PersonRow } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { type Choice, useNotice } from '@/kernel/ui'
import { nameOf } from '../naming'
import { countOf, EVERYBODY, isIn, NOBODY, type Selection, stateOf, withPeople } from './selection'

/** So many can be ticked one by one; beyond that, all who match can. */
const MOST_IDS = 10_000
const MOST_EXCEPT = 1_000

interface Listed {
  total: number
  /** The ids of the people from a place to another, which are fetched if need be. */
  idsBetween: (start: number, end: number) => Promise<number[]>
}

/** Who is ticked in a list, and the boxes to tick. */
export const useSelection = (
  { total, idsBetween }: Listed,
  selection: Selection,
  onSelect: (selection: Selection) => void,
) => {
  const t = useT()
  const notice = useNotice()
  const anchor = useRef<number | null>(null)
  const latest = useRef({ idsBetween, selection, onSelect })
  latest.current = { idsBetween, selection, onSelect }
  const tell = useRef<(text: string) => void>(() => {})
  tell.current = (text) => void notice.info(text)

  const choose = useCallback(
    (ids: readonly number[], isOn: boolean) => {
      const next = withPeople(latest.current.selection, ids, isOn)
      if (next.ids.size > (next.isAll ? MOST_EXCEPT : MOST_IDS)) {
        tell.current(t('cdp.people.list.tooMany'))
        return
      }
      latest.current.onSelect(next)
    },
    [t],
  )

  const onChoose = useCallback<Choice<PersonRow>['onChoose']>(
    ({ id }, index, { isOn, isRange }) => {
      const from = anchor.current
      anchor.current = index
      if (!isRange || from === null || from === index) {
        choose([id], isOn)
        return
      }
      const [start, end] = from < index ? [from, index] : [index, from]
      if (end - start >= MOST_IDS) {
        tell.current(t('cdp.people.list.tooMany'))
        return
      }
      void latest.current.idsBetween(start, end).then(
        (ids) => choose(ids, isOn),
        () => tell.current(t('kernel.ui.failed')),
      )
    },
    [choose, t],
  )

  const clear = useCallback(() => {
    anchor.current = null
    latest.current.onSelect(NOBODY)
  }, [])
  const has = useCallback(({ id }: PersonRow) => isIn(selection, id), [selection])
  // A name says it all of a box, and costs nothing: a sentence would be put together for every row drawn.
  const label = useCallback(
    (person: PersonRow) => nameOf(person) ?? t('cdp.people.unnamed', { id: String(person.id) }),
    [t],
  )
  const state = stateOf(selection, total)
  const choice = useMemo<Choice<PersonRow>>(
    () => ({
      has,
      onChoose,
      label,
      all: {
        state,
        label: t('cdp.people.list.chooseAll'),
        onChange: (isOn) => (isOn ? latest.current.onSelect(EVERYBODY) : clear()),
      },
    }),
    [has, onChoose, label, state, t, clear],
  )
  return { choice, count: countOf(selection, total), clear }
}

/** Escape anywhere in a part of the page. */
export const useEscape = (place: HTMLElement | null, act: () => void, isOn: boolean) => {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (!place || !isOn) return
    const listen = (event: KeyboardEvent) => {
      if (event.key === 'Escape') latest.current()
    }
    place.addEventListener('keydown', listen)
    return () => place.removeEventListener('keydown', listen)
  }, [place, isOn])
}
