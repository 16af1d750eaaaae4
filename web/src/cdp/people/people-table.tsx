import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Alert, Button, DataTable, ErrorState, type Rows, type Sort, useNarrow } from '@/kernel/ui'
import { usePeopleColumns } from './columns'
import { NOBODY, type Selection } from './list/selection'
import { usePeople } from './list/use-people'
import { useEscape, useSelection } from './list/use-selection'
import styles from './people.module.css'
import type { PeopleSearch, PeopleSort } from './search'

/** Whom something is to be done with, for the bar below the list. */
export interface ChosenPeople {
  choose: { ids: number[] } | { filters: Omit<PeopleSearch, 'sort'>; except: number[] }
  count: number
  /** Whether the count is about right only. */
  isAbout: boolean
  isAll: boolean
  clear: () => void
}

interface PeopleTableProps {
  /** Which people, and in which order. */
  search: PeopleSearch
  label: string
  /** Shown instead of rows when nobody matches. */
  empty: ReactNode
  onSort?: (sort: PeopleSort) => void
  /** Told how many match. */
  onCount?: (total: number, isAbout: boolean) => void
  /** Leave out columns that have no room beside other panels. */
  isCompact?: boolean
  /** What can be done with the people ticked; without it there are no boxes. */
  bar?: (chosen: ChosenPeople) => ReactNode
}

const FIRST: Rows<never> = { length: 24, at: () => undefined }

/** What tells people apart, and what they are like. */
const MAIN = new Set(['name', 'identifier', 'tags', 'stage', 'last_seen'])

const toSort = (value: PeopleSort = '-last_seen'): Sort => ({
  key: value.replace('-', ''),
  isDescending: value.startsWith('-'),
})

const fromSort = ({ key, isDescending }: Sort): PeopleSort => `${isDescending ? '-' : ''}${key}` as PeopleSort

interface PlainProps extends PeopleTableProps {
  selection: Selection
  onSelect: (selection: Selection) => void
}

const Plain = (props: PlainProps) => {
  const { search, label, empty, onSort, onCount, isCompact, bar, selection, onSelect } = props
  const t = useT()
  const isNarrow = useNarrow()
  const isSortable = onSort !== undefined
  const [place, setPlace] = useState<HTMLElement | null>(null)
  const people = usePeople(search)
  const { rows, total, isAbout, isPending, error } = people
  const { choice, count, clear } = useSelection(people, selection, onSelect)
  const sortable = usePeopleColumns()
  const columns = useMemo(() => {
    const shown = isCompact ? sortable.filter(({ key }) => MAIN.has(key)) : sortable
    return isSortable ? shown : shown.map((column) => ({ ...column, isSortable: false }))
  }, [sortable, isSortable, isCompact])
  useEscape(place, clear, count > 0)
  useEffect(() => {
    if (!isPending) onCount?.(total, isAbout)
  }, [total, isAbout, isPending, onCount])

  if (error && total === 0) return <ErrorState error={error} onRetry={people.retry} />
  const { sort: _, ...filters } = search
  const ids = [...selection.ids]
  return (
    <div className={styles.stack} ref={setPlace}>
      <div className={styles.table} aria-busy={isPending || undefined}>
        <DataTable
          label={label}
          columns={columns}
          rows={isPending ? FIRST : rows}
          rowKey={({ id }) => id}
          rowHeight={isNarrow ? 58 : 42}
          isVirtual
          sort={onSort ? toSort(search.sort) : undefined}
          onSort={onSort ? (sort) => onSort(fromSort(sort)) : undefined}
          onWindow={people.onWindow}
          choice={bar ? choice : undefined}
          empty={empty}
        />
      </div>
      {error ? (
        <Alert
          role="alert"
          type="error"
          banner
          title={t('cdp.people.list.someFailed')}
          action={<Button onClick={people.retry}>{t('kernel.ui.retry')}</Button>}
        />
      ) : null}
      {bar && count > 0
        ? bar({
            choose: selection.isAll ? { filters, except: ids } : { ids },
            count,
            isAbout: isAbout && selection.isAll,
            isAll: selection.isAll,
            clear,
          })
        : null}
    </div>
  )
}

/** People of some kind, of whom only those in view are fetched. It fills its parent's height. */
export const PeopleTable = (props: PeopleTableProps) => {
  const { sort: _, ...filters } = props.search
  const asked = JSON.stringify(filters)
  const [held, setHeld] = useState({ asked, selection: NOBODY })
  // People ticked one by one stay so while others are sought; "all who match" were those of then.
  const selection = held.selection.isAll && held.asked !== asked ? NOBODY : held.selection
  return (
    <Plain
      // Other people are another list, which begins at its top.
      key={JSON.stringify(props.search)}
      {...props}
      selection={selection}
      onSelect={(next) => setHeld({ asked, selection: next })}
    />
  )
}
