import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { DomainName, TimelineEvent } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, EmptyState, Loaded, Panel, Select } from '@/kernel/ui'
import { timelineQuery } from '../queries'
import { useSourceName } from '../source-name'
import { EventItem } from './event-item'
import { groupByDay } from './summary'
import styles from './timeline.module.css'

const DOMAINS: readonly DomainName[] = ['public', 'commercial', 'private', 'unknown']

interface Filter {
  names: string[]
  domain?: DomainName
}

const passes = ({ names, domain }: Filter, event: TimelineEvent): boolean =>
  (names.length === 0 || names.includes(event.name)) && (!domain || event.domain === domain)

/** What a person did, day by day, newest first. */
export const TimelinePanel = ({ personId }: { personId: number }) => {
  const t = useT()
  const format = useFormats()
  const sourceName = useSourceName()
  const [filter, setFilter] = useState<Filter>({ names: [] })
  const query = useInfiniteQuery(timelineQuery(personId))
  const events = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  const names = useMemo(() => [...new Set(events.map((event) => event.name))].sort(), [events])
  const shown = useMemo(() => events.filter((event) => passes(filter, event)), [events, filter])
  const days = useMemo(() => groupByDay(shown, format.dayOf), [shown, format])
  const filters = (
    <div className={styles.filters}>
      <Select<string[]>
        mode="multiple"
        className={styles.names}
        maxTagCount="responsive"
        allowClear
        value={filter.names}
        options={names.map((value) => ({ value, label: value }))}
        placeholder={t('cdp.people.timeline.allEvents')}
        aria-label={t('cdp.people.timeline.allEvents')}
        onChange={(chosen) => setFilter({ ...filter, names: chosen })}
      />
      <Select<DomainName>
        className={styles.domain}
        allowClear
        value={filter.domain}
        options={DOMAINS.map((value) => ({ value, label: t(`kernel.domain.${value}`) }))}
        placeholder={t('cdp.people.timeline.allDomains')}
        aria-label={t('cdp.people.timeline.allDomains')}
        onChange={(domain?: DomainName) => setFilter({ ...filter, domain })}
      />
    </div>
  )
  return (
    <Panel
      title={t('cdp.people.tab.timeline')}
      note={t('cdp.people.timeline.zone', { zone: format.timeZone })}
    >
      {filters}
      <Loaded query={query} height={300}>
        {() =>
          days.length === 0 ? (
            <EmptyState title={t('cdp.people.timeline.empty')} />
          ) : (
            days.map(([day, items]) => (
              <section key={day} aria-label={format.day(day, { withYear: true })}>
                <h3 className={styles.day}>{format.day(day, { withYear: true })}</h3>
                <ul className={styles.events}>
                  {items.map((event) => (
                    <EventItem key={event.event_id} event={event} sourceName={sourceName} />
                  ))}
                </ul>
              </section>
            ))
          )
        }
      </Loaded>
      {query.hasNextPage ? (
        <div className={styles.more}>
          <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('cdp.people.timeline.more')}
          </Button>
        </div>
      ) : null}
    </Panel>
  )
}
