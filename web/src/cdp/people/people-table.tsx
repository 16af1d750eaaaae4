import { useCallback, useMemo } from 'react'
import type { PersonRow } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { DataTable, EmptyState, ErrorState, useNarrow } from '@/kernel/ui'
import { usePeopleColumns } from './columns'

interface PeopleTableProps {
  /** People page by page, as an infinite query gives them. */
  query: {
    data: { pages: { items: PersonRow[]; total: number }[] } | undefined
    error: unknown
    isPending: boolean
    hasNextPage: boolean
    isFetchingNextPage: boolean
    fetchNextPage: () => unknown
    refetch: () => unknown
  }
  label: string
  empty: string
}

/** People of some kind, as the list of all people shows them. It fills its parent's height. */
export const PeopleTable = ({ query, label, empty }: PeopleTableProps) => {
  const t = useT()
  const isNarrow = useNarrow()
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data])
  const sortable = usePeopleColumns()
  const columns = useMemo(() => sortable.map((column) => ({ ...column, isSortable: false })), [sortable])
  const fetchMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  if (error && !data) return <ErrorState error={error} onRetry={() => void query.refetch()} />
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      rowHeight={isNarrow ? 58 : 42}
      isVirtual
      total={data?.pages[0]?.total}
      onNearEnd={fetchMore}
      isLoading={isPending || isFetchingNextPage}
      empty={<EmptyState title={empty || t('cdp.people.list.noMatch')} />}
    />
  )
}
