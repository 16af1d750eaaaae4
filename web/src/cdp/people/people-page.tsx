import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, EmptyState, Page } from '@/kernel/ui'
import { Filters } from './filters'
import styles from './people.module.css'
import { type ChosenPeople, PeopleTable } from './people-table'
import { type PeopleSearch, parsePeopleSearch } from './search'

interface PeoplePageProps {
  /** What can be done with the people ticked. */
  bar?: (chosen: ChosenPeople) => ReactNode
  tools?: ReactNode
}

const hasFilters = ({ sort: _, ...filters }: PeopleSearch): boolean =>
  Object.values(filters).some((value) => value !== undefined)

/** Everybody the brand knows, found by any identifier. */
export const PeoplePage = ({ bar, tools }: PeoplePageProps) => {
  const t = useT()
  const format = useFormats()
  const navigate = useNavigate()
  const raw = useSearch({ from: '/shell/people' })
  const search = useMemo(() => parsePeopleSearch({ ...raw }), [raw])
  const [counted, setCounted] = useState('')
  const change = useCallback(
    (next: PeopleSearch) => void navigate({ to: '/people', search: next, replace: true }),
    [navigate],
  )
  const count = useCallback(
    (total: number, isAbout: boolean) =>
      setCounted(
        t(isAbout ? 'cdp.people.list.about' : 'cdp.people.list.total', {
          count: total,
          shown: format.count(total),
        }),
      ),
    [t, format],
  )
  const empty = hasFilters(search) ? (
    <EmptyState
      title={t('cdp.people.list.noMatch')}
      action={<Button onClick={() => change({})}>{t('cdp.people.list.clear')}</Button>}
    />
  ) : (
    <EmptyState title={t('cdp.people.list.empty')}>{t('cdp.people.list.emptyHint')}</EmptyState>
  )
  return (
    <Page title={t('cdp.people.title')} isFilling>
      <section className={styles.list} aria-label={t('cdp.people.title')}>
        <Filters search={search} onChange={change} total={counted} tools={tools} />
        <PeopleTable
          search={search}
          label={t('cdp.people.title')}
          empty={empty}
          onSort={(sort) => change({ ...search, sort })}
          onCount={count}
          bar={bar}
        />
      </section>
    </Page>
  )
}
