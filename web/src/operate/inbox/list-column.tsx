import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Button, EmptyState, Input, Loaded, Segmented, Select } from '@/kernel/ui'
import { SearchIcon } from '@/kernel/ui/icons'
import { Found } from './found'
import styles from './inbox.module.css'
import { type Conversation, countsQuery } from './queries'
import { Row } from './row'
import { type InboxSearch, SORTS, STATES, VIEWS } from './search'

interface Page {
  items: Conversation[]
  next_cursor?: string | null
}

interface ListColumnProps {
  search: InboxSearch
  query: UseInfiniteQueryResult<InfiniteData<Page>>
  onChange: (change: InboxSearch) => void
  onChoose: (id: number) => void
}

const Filters = ({ search, onChange }: Pick<ListColumnProps, 'search' | 'onChange'>) => {
  const t = useT()
  const { data: counts } = useQuery(countsQuery)
  const { view = 'all', state = 'open', sort = 'newest' } = search
  const counted = (count: number | undefined) => {
    if (!count) return ''
    return count >= (counts?.most ?? 1000) ? ` ${count - 1}+` : ` ${count}`
  }
  return (
    <fieldset className={styles.filters}>
      <legend className="visually-hidden">{t('operate.inbox.filters')}</legend>
      <Segmented
        block
        size="small"
        aria-label={t('operate.inbox.filters')}
        value={view}
        onChange={(next) => onChange({ view: next, c: undefined })}
        options={VIEWS.map((value) => ({
          value,
          label: `${t(`operate.inbox.view.${value}`)}${counted(counts?.[value])}`,
        }))}
      />
      {view === 'mentioned' ? null : (
        <div className={styles.selects}>
          <Select
            size="small"
            aria-label={t('operate.inbox.state.open')}
            value={state}
            onChange={(next) => onChange({ state: next, c: undefined })}
            options={STATES.map((value) => ({ value, label: t(`operate.inbox.state.${value}`) }))}
          />
          <Select
            size="small"
            aria-label={t('operate.inbox.sort.label')}
            value={sort}
            onChange={(next) => onChange({ sort: next })}
            options={SORTS.map((value) => ({ value, label: t(`operate.inbox.sort.${value}`) }))}
          />
        </div>
      )}
    </fieldset>
  )
}

/** The left column: search, views, and the conversations. */
export const ListColumn = ({ search, query, onChange, onChoose }: ListColumnProps) => {
  const t = useT()
  const [typed, setTyped] = useState('')
  const sought = useDeferredValue(typed.trim())
  return (
    <section className={styles.list} aria-label={t('operate.inbox.list.label')}>
      <div className={styles.tools}>
        <Input
          id="inbox-search"
          type="search"
          allowClear
          prefix={<SearchIcon aria-hidden="true" />}
          placeholder={t('operate.inbox.search.label')}
          aria-label={t('operate.inbox.search.label')}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        {sought ? null : <Filters search={search} onChange={onChange} />}
      </div>
      {sought ? (
        <Found q={sought} chosen={search.c} onChoose={onChoose} />
      ) : (
        <Loaded query={query}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items)
            if (items.length === 0) {
              return (
                <EmptyState title={t('operate.inbox.list.empty')}>
                  {t('operate.inbox.list.emptyHint')}
                </EmptyState>
              )
            }
            return (
              <ul className={styles.rows}>
                {items.map((item) => (
                  <Row
                    key={item.conversation_id}
                    item={item}
                    isChosen={item.conversation_id === search.c}
                    onChoose={() => onChoose(item.conversation_id)}
                  />
                ))}
                {query.hasNextPage ? (
                  <li className={styles.more}>
                    <Button
                      block
                      loading={query.isFetchingNextPage}
                      onClick={() => void query.fetchNextPage()}
                    >
                      {t('operate.inbox.list.more')}
                    </Button>
                  </li>
                ) : null}
              </ul>
            )
          }}
        </Loaded>
      )}
    </section>
  )
}
