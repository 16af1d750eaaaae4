import { useState } from 'react'
import type { TimelineEvent } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Copyable, DomainDot } from '@/kernel/ui'
import { summarize } from './summary'
import styles from './timeline.module.css'

const isEmpty = (value: Record<string, unknown>) => Object.keys(value ?? {}).length === 0

interface EventItemProps {
  event: TimelineEvent
  sourceName: (slug: string) => string
}

/** One event: a line that opens to everything that was sent with it. */
export const EventItem = ({ event, sourceName }: EventItemProps) => {
  const t = useT()
  const format = useFormats()
  const [isOpen, setIsOpen] = useState(false)
  const { properties, context } = event
  return (
    <li className={styles.event}>
      <details onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
        <summary className={styles.line}>
          <time
            dateTime={event.occurred_at}
            className={styles.time}
            title={format.instant(event.occurred_at, 'second')}
          >
            {format.clock(event.occurred_at)}
          </time>
          <span className={styles.name}>{event.name || event.kind}</span>
          <span className={styles.gist}>{summarize(event, format)}</span>
          {event.source ? (
            <span className={styles.source}>
              <DomainDot domain={event.domain} label={sourceName(event.source)} />
            </span>
          ) : null}
        </summary>
        {isOpen ? (
          <div className={styles.detail}>
            <p className={styles.kind}>
              {`${event.kind} · ${format.instant(event.occurred_at, 'second')} · ${event.event_id}`}
            </p>
            <Copyable
              text={JSON.stringify(isEmpty(context) ? { properties } : { properties, context }, null, 2)}
              label={t('cdp.people.timeline.json')}
            />
          </div>
        ) : null}
      </details>
    </li>
  )
}
