import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, DataTable, EmptyState, ErrorState, Page, type Sort, useNarrow } from '@/kernel/ui'
import { usePeopleColumns } from './columns'
import { Filters } from './filters'
import styles from './people.module.css'
import { peopleQuery } from './queries'
import { type PeopleSearch, type PeopleSort, parsePeopleSearch } from './search'

/** People whose tags are offered to filter by. */
const MOST_TAGGED = 1000

const toSort = (value: PeopleSort = '-last_seen'): Sort => ({
  key: value.replace('-', ''),
  isDescending: value.startsWith('-'),
})

const fromSort = ({ key, isDescending }: Sort): PeopleSort => `${isDescending ? '-' : ''}${key}` as PeopleSort

const hasFilters = ({ sort: _, ...filters }: PeopleSearch): boolean =>
  Object.values(filters).some((value) => value !== undefined)

/** Everybody the brand knows, found by any identifier. */
const PeoplePage = () => {
  const t = useT()
  const format = useFormats()
  const navigate = useNavigate()
  const isNarrow = useNarrow()
  const raw = useSearch({ from: '/shell/people' })
  const search = useMemo(() => parsePeopleSearch({ ...raw }), [raw])
  const query = useInfiniteQuery(peopleQuery(search))
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage, isPending } = query
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data])
  const { total, total_is_estimate: isAbout } = data?.pages[0] ?? {}
  const columns = usePeopleColumns()
  const known = Math.min(rows.length, MOST_TAGGED)
  // biome-ignore lint/correctness/useExhaustiveDependencies: more people at the end change nothing about the first.
  const tagged = useMemo(() => rows.slice(0, known), [known, data?.pages[0]])
  const counted =
    total === undefined
      ? ''
      : t(isAbout ? 'cdp.people.list.about' : 'cdp.people.list.total', {
          count: total,
          shown: format.count(total),
        })

  const change = useCallback(
    (next: PeopleSearch) => void navigate({ to: '/people', search: next, replace: true }),
    [navigate],
  )
  const fetchMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])

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
        <Filters search={search} onChange={change} people={tagged} total={counted} />
        <div className={styles.table}>
          {query.error && !data ? (
            <ErrorState error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <DataTable
              label={t('cdp.people.title')}
              columns={columns}
              rows={rows}
              rowKey={({ id }) => id}
              rowHeight={isNarrow ? 58 : 42}
              isVirtual
              total={total}
              sort={toSort(search.sort)}
              onSort={(sort) => change({ ...search, sort: fromSort(sort) })}
              onNearEnd={fetchMore}
              isLoading={isPending || isFetchingNextPage}
              empty={empty}
            />
          )}
        </div>
      </section>
    </Page>
  )
}

export default PeoplePage
