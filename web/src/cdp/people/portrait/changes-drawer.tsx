import { useInfiniteQuery } from '@tanstack/react-query'
import { useT } from '@/kernel/i18n'
import { Button, DateTime, Drawer, EmptyState, Loaded, useNarrow } from '@/kernel/ui'
import styles from './portrait.module.css'
import { type Change, changesQuery } from './queries'

interface ChangesDrawerProps {
  personId: number
  kind: 'trait' | 'layer'
  /** One trait; none: every change of the kind. */
  name?: string
  title: string
  /** What has changed, where changes of several things are shown. */
  nameOf?: (change: Change) => string
  textOf: (value: unknown, change: Change) => string
  onClose: () => void
}

/** How something about a person came to be as it is, newest first. */
export const ChangesDrawer = (props: ChangesDrawerProps) => {
  const { personId, kind, name, title, nameOf, textOf, onClose } = props
  const t = useT()
  const isNarrow = useNarrow()
  const query = useInfiniteQuery(changesQuery(personId, { kind, name }))
  return (
    <Drawer open title={title} size={isNarrow ? '100%' : 440} onClose={onClose}>
      <Loaded query={query} height={160}>
        {({ pages }) => {
          const changes = pages.flatMap(({ items }) => items)
          if (changes.length === 0) {
            return (
              <EmptyState title={t('cdp.people.changes.empty')}>
                {t('cdp.people.changes.emptyHint')}
              </EmptyState>
            )
          }
          return (
            <ol className={styles.changes}>
              {changes.map((change) => (
                <li key={change.change_id}>
                  <span className={styles.when}>
                    <DateTime at={change.changed_at} />
                  </span>
                  <span>
                    {nameOf ? <span className={styles.changed}>{nameOf(change)}</span> : null}
                    <span className={styles.old}>{textOf(change.old, change)}</span>{' '}
                    <span role="img" aria-label={t('cdp.people.changes.to')}>
                      →
                    </span>{' '}
                    <span className={styles.new}>{textOf(change.new, change)}</span>
                  </span>
                </li>
              ))}
            </ol>
          )
        }}
      </Loaded>
      {query.hasNextPage ? (
        <Button
          className={styles.all}
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t('cdp.people.changes.more')}
        </Button>
      ) : null}
    </Drawer>
  )
}
