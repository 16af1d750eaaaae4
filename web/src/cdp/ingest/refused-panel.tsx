import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { api, type Schemas, unwrap } from '@/kernel/api'
import { useCan } from '@/kernel/auth'
import { said, useT } from '@/kernel/i18n'
import {
  Button,
  DateTime,
  EmptyState,
  Loaded,
  Panel,
  ScrollRegion,
  Segmented,
  useConfirm,
  useNotice,
} from '@/kernel/ui'
import styles from './ingest.module.css'
import { refreshIngest, refusedQuery } from './queries'
import { ReplayDialog } from './replay-dialog'

type Refused = Schemas['RejectedEvent']
type Which = 'waiting' | 'all'

interface RefusedItemProps {
  event: Refused
  onMend?: () => void
}

const RefusedItem = ({ event, onMend }: RefusedItemProps) => {
  const t = useT()
  return (
    <li className={styles.refused}>
      <div className={styles.words}>
        <p className={styles.reason}>
          <code className={styles.code}>{event.code}</code> {said(event.message)}
        </p>
        <p className={styles.payload} title={event.payload}>
          {event.payload}
        </p>
        <p className={styles.ids}>
          <DateTime at={event.received_at} style="ago" />
          {event.replayed_at ? ` · ${t('cdp.ingest.refused.done')}` : ''}
        </p>
      </div>
      {onMend && !event.replayed_at ? <Button onClick={onMend}>{t('cdp.ingest.refused.mend')}</Button> : null}
    </li>
  )
}

/** The shelf of refused events: why, and the way back in. */
export const RefusedPanel = () => {
  const t = useT()
  const canReplay = useCan('ingest:write')
  const confirm = useConfirm()
  const notice = useNotice()
  const [which, setWhich] = useState<Which>('waiting')
  const [mended, setMended] = useState<Refused | null>(null)
  const query = useInfiniteQuery(refusedQuery(which === 'waiting'))
  const events = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data])

  const replayAll = () =>
    confirm({
      title: t('cdp.ingest.refused.replayAllTitle'),
      content: t('cdp.ingest.refused.replayAllText'),
      verb: t('cdp.ingest.refused.replayAll'),
      act: async () => {
        const { accepted, rejected } = await unwrap(api.POST('/api/ingest/rejected/replay'))
        await refreshIngest()
        notice.info(t('cdp.ingest.refused.replayedAll', { accepted, rejected }))
      },
    })
  return (
    <Panel title={t('cdp.ingest.refused.title')} note={t('cdp.ingest.refused.note')}>
      <div className={styles.tools}>
        <Segmented<Which>
          aria-label={t('cdp.ingest.refused.which')}
          value={which}
          onChange={setWhich}
          options={(['waiting', 'all'] as const).map((value) => ({
            value,
            label: t(`cdp.ingest.refused.${value}`),
          }))}
        />
        {canReplay && which === 'waiting' && events.length > 0 ? (
          <Button onClick={replayAll}>{t('cdp.ingest.refused.replayAll')}</Button>
        ) : null}
      </div>
      <Loaded query={query} height={200}>
        {() =>
          events.length === 0 ? (
            <EmptyState title={t('cdp.ingest.refused.empty')}>{t('cdp.ingest.refused.emptyHint')}</EmptyState>
          ) : (
            <ScrollRegion className={styles.events} label={t('cdp.ingest.refused.title')}>
              <ul className={styles.list}>
                {events.map((event) => (
                  <RefusedItem
                    key={event.id}
                    event={event}
                    onMend={canReplay ? () => setMended(event) : undefined}
                  />
                ))}
              </ul>
            </ScrollRegion>
          )
        }
      </Loaded>
      {query.hasNextPage ? (
        <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('cdp.ingest.refused.more')}
        </Button>
      ) : null}
      {mended ? <ReplayDialog key={mended.id} event={mended} onClose={() => setMended(null)} /> : null}
    </Panel>
  )
}
