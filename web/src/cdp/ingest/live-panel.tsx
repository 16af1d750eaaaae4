import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Schemas } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, Copyable, DomainDot, EmptyState, Loaded, Panel, ScrollRegion } from '@/kernel/ui'
import styles from './ingest.module.css'
import { liveQuery } from './queries'

type LiveEvent = Schemas['LiveEvent']

const LiveItem = ({ event }: { event: LiveEvent }) => {
  const t = useT()
  const format = useFormats()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <li className={styles.event}>
      <details onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
        <summary className={styles.line}>
          <time dateTime={event.received_at} className={styles.time}>
            {format.clock(event.received_at, true)}
          </time>
          <span className={styles.name}>{event.name || event.kind}</span>
          <span className={styles.source}>
            {event.source ? <DomainDot domain={event.domain} label={event.source} /> : null}
          </span>
        </summary>
        {isOpen ? (
          <div className={styles.detail}>
            <p className={styles.ids}>
              {`${event.kind} · ${event.event_id} · `}
              {event.person_id === null ? null : (
                <Link to="/people/$personId" params={{ personId: String(event.person_id) }}>
                  {t('cdp.ingest.live.open')}
                </Link>
              )}
            </p>
            <Copyable
              text={JSON.stringify(event.properties, null, 2)}
              label={t('cdp.ingest.live.properties')}
            />
          </div>
        ) : null}
      </details>
    </li>
  )
}

/** Events as they come in. */
export const LivePanel = () => {
  const t = useT()
  const [isPaused, setIsPaused] = useState(false)
  const query = useQuery(liveQuery(isPaused))
  return (
    <Panel
      title={t('cdp.ingest.live.title')}
      note={t('cdp.ingest.live.note')}
      actions={
        <Button onClick={() => setIsPaused(!isPaused)} aria-pressed={isPaused}>
          {t(isPaused ? 'cdp.ingest.live.resume' : 'cdp.ingest.live.pause')}
        </Button>
      }
    >
      <Loaded query={query} height={240}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('cdp.ingest.live.empty')}>{t('cdp.ingest.live.emptyHint')}</EmptyState>
          ) : (
            <ScrollRegion className={styles.events} label={t('cdp.ingest.live.title')}>
              <ul className={styles.list}>
                {items.map((event) => (
                  <LiveItem key={event.event_id} event={event} />
                ))}
              </ul>
            </ScrollRegion>
          )
        }
      </Loaded>
    </Panel>
  )
}
