import { useInfiniteQuery } from '@tanstack/react-query'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, EmptyState, Loaded } from '@/kernel/ui'
import styles from './inbox.module.css'
import { searchQuery } from './queries'

interface FoundProps {
  q: string
  chosen: number | undefined
  onChoose: (id: number) => void
}

/** Messages that were found, the newest first. */
export const Found = ({ q, chosen, onChoose }: FoundProps) => {
  const t = useT()
  const format = useFormats()
  const query = useInfiniteQuery(searchQuery(q))
  if (q.length < 2) return <EmptyState title={t('operate.inbox.search.tooShort')} />
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const hits = pages.flatMap(({ items }) => items)
        if (hits.length === 0) return <EmptyState title={t('operate.inbox.search.none')} />
        return (
          <ul className={styles.rows} aria-label={t('operate.inbox.search.results')}>
            {hits.map((hit) => (
              <li key={hit.message_id}>
                <button
                  type="button"
                  className={`${styles.row} ${hit.conversation_id === chosen ? styles.chosen : ''}`}
                  onClick={() => onChoose(hit.conversation_id)}
                >
                  <span className={styles.rowTop}>
                    <span className={styles.name}>{hit.name || `#${hit.conversation_id}`}</span>
                    <span className={styles.when}>{format.ago(hit.said_at)}</span>
                  </span>
                  <span className={styles.excerpt}>{hit.excerpt}</span>
                </button>
              </li>
            ))}
            {query.hasNextPage ? (
              <li className={styles.more}>
                <Button block loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {t('operate.inbox.list.more')}
                </Button>
              </li>
            ) : null}
          </ul>
        )
      }}
    </Loaded>
  )
}
