import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useT, useWord } from '@/kernel/i18n'
import { Button, DateTime, Drawer, EmptyState, Loaded, useNarrow } from '@/kernel/ui'
import styles from '../broadcasts.module.css'
import { type PeopleAsked, peopleQuery } from '../queries'
import type { Recipient } from '../types'

export interface Chosen extends PeopleAsked {
  title: string
}

const Line = ({ recipient }: { recipient: Recipient }) => {
  const t = useT()
  const word = useWord()
  const { person_id: id, name, state, rule, channel, done_at: at } = recipient
  const why = rule && state !== 'sent' ? word('operate.broadcasts.rule', rule) : ''
  return (
    <li>
      <Link
        to="/people/$personId"
        params={{ personId: String(id) }}
        aria-label={`${name || `#${id}`}: ${t('operate.broadcasts.report.trace')}`}
      >
        {name || `#${id}`}
      </Link>
      <span className={styles.hint}>
        {[word('operate.broadcasts.channels', channel), word('operate.broadcasts.intent', state), why]
          .filter(Boolean)
          .join(' · ')}
        {at ? (
          <>
            {' · '}
            <DateTime at={at} />
          </>
        ) : null}
      </span>
    </li>
  )
}

interface PeopleDrawerProps {
  id: number
  chosen: Chosen
  onClose: () => void
}

/** Who stands behind a figure; each leads to the whole trace on that person's page. */
export const PeopleDrawer = ({ id, chosen, onClose }: PeopleDrawerProps) => {
  const t = useT()
  const isNarrow = useNarrow()
  const { title, ...asked } = chosen
  const query = useInfiniteQuery(peopleQuery(id, asked))
  return (
    <Drawer open title={title} size={isNarrow ? '100%' : 460} onClose={onClose}>
      <p className={styles.hint}>{t('operate.broadcasts.report.traceNote')}</p>
      <Loaded query={query} height={320}>
        {({ pages }) => {
          const found = pages.flatMap(({ items }) => items)
          if (found.length === 0) return <EmptyState title={t('operate.broadcasts.report.nobody')} />
          return (
            <>
              <ul className={styles.people}>
                {found.map((recipient) => (
                  <Line key={recipient.intent_id} recipient={recipient} />
                ))}
              </ul>
              {query.hasNextPage ? (
                <div className={styles.more}>
                  <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                    {t('operate.broadcasts.report.morePeople')}
                  </Button>
                </div>
              ) : null}
            </>
          )
        }}
      </Loaded>
    </Drawer>
  )
}
