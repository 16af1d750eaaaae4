import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useDeferredValue, useState } from 'react'
import { useActorName, useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import {
  Button,
  type Column,
  DataTable,
  DateTime,
  EmptyState,
  Input,
  Loaded,
  Page,
  useNarrow,
} from '@/kernel/ui'
import { PlusIcon, SearchIcon } from '@/kernel/ui/icons'
import { ListForm } from './list-form'
import styles from './lists.module.css'
import { Origin } from './origin'
import { listsQuery, type PeopleList } from './queries'

const useColumns = (): Column<PeopleList>[] => {
  const t = useT()
  const format = useFormats()
  const isNarrow = useNarrow()
  const actorName = useActorName()
  return [
    {
      key: 'name',
      title: t('cdp.lists.column.name'),
      render: (list) => (
        <span className={styles.stacked}>
          <Link to="/lists/$listId" params={{ listId: String(list.list_id) }}>
            {list.name}
          </Link>
          {isNarrow ? (
            <span className={styles.beneath}>{format.ago(list.updated_at)}</span>
          ) : list.description ? (
            <span className={styles.beneath} title={list.description}>
              {list.description}
            </span>
          ) : null}
        </span>
      ),
    },
    {
      key: 'size',
      title: t('cdp.lists.column.size'),
      width: 96,
      isNumber: true,
      render: ({ size }) => format.count(size),
    },
    {
      key: 'origin',
      title: t('cdp.lists.column.origin'),
      width: 280,
      isWideOnly: true,
      render: (list) => <Origin list={list} />,
    },
    {
      key: 'changed',
      title: t('cdp.lists.column.changed'),
      width: 140,
      isWideOnly: true,
      render: ({ updated_at: at }) => <DateTime at={at} style="ago" />,
    },
    {
      key: 'who',
      title: t('cdp.lists.column.who'),
      width: 160,
      isWideOnly: true,
      render: ({ created_by: who }) => actorName(who),
    },
  ]
}

interface FoundProps {
  lists: PeopleList[]
  isSearch: boolean
  add: ReactNode
}

const Found = ({ lists, isSearch, add }: FoundProps) => {
  const t = useT()
  const columns = useColumns()
  const empty = isSearch ? (
    <EmptyState title={t('cdp.lists.noMatch')} />
  ) : (
    <EmptyState title={t('cdp.lists.empty')} action={add}>
      {t('cdp.lists.emptyHint')}
    </EmptyState>
  )
  return (
    <DataTable
      label={t('cdp.lists.title')}
      columns={columns}
      rows={lists}
      rowKey={({ list_id: id }) => id}
      rowHeight={54}
      empty={empty}
    />
  )
}

/** Every list: how many are on it, where it comes from, when it changed. */
const ListsPage = () => {
  const t = useT()
  const navigate = useNavigate()
  const canWrite = useCan('segments:write')
  const [typed, setTyped] = useState('')
  const sought = useDeferredValue(typed.trim())
  const query = useInfiniteQuery(listsQuery(sought))
  const [isAsking, setIsAsking] = useState(false)
  const add = canWrite ? (
    <Button type="primary" icon={<PlusIcon aria-hidden="true" />} onClick={() => setIsAsking(true)}>
      {t('cdp.lists.new')}
    </Button>
  ) : null
  return (
    <Page title={t('cdp.lists.title')} note={t('cdp.lists.note')} tools={add}>
      <section className={styles.list} aria-label={t('cdp.lists.title')}>
        <search className={styles.search}>
          <Input
            prefix={<SearchIcon aria-hidden="true" />}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            placeholder={t('cdp.lists.search')}
            aria-label={t('cdp.lists.search')}
            allowClear
          />
        </search>
        <Loaded query={query} height={240}>
          {({ pages }) => (
            <Found lists={pages.flatMap(({ items }) => items)} isSearch={sought !== ''} add={add} />
          )}
        </Loaded>
        {query.hasNextPage ? (
          <div className={styles.more}>
            <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('cdp.lists.older')}
            </Button>
          </div>
        ) : null}
      </section>
      {isAsking ? (
        <ListForm
          onClose={() => setIsAsking(false)}
          onDone={({ list_id: id }) =>
            void navigate({ to: '/lists/$listId', params: { listId: String(id) } })
          }
        />
      ) : null}
    </Page>
  )
}

export default ListsPage
