import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { said, useT } from '@/kernel/i18n'
import { Button, Loaded, Panel, useNotice } from '@/kernel/ui'
import { PlusIcon } from '@/kernel/ui/icons'
import {
  deleteSchedule,
  forgetSegments,
  listExportAddress,
  schedulesQuery,
  snapshotsQuery,
  takeSnapshot,
} from '../queries'
import styles from '../segments.module.css'
import { ScheduleDialog } from './schedule-dialog'

const Schedules = ({ segmentId, canWrite }: { segmentId: number; canWrite: boolean }) => {
  const t = useT()
  const format = useFormats()
  const query = useQuery(schedulesQuery(segmentId))
  const remove = useMutation({
    mutationFn: (scheduleId: number) => deleteSchedule(segmentId, scheduleId),
    onSuccess: forgetSegments,
  })
  const items = query.data?.items ?? []
  if (items.length === 0) return null
  return (
    <>
      <h3 className={styles.subtitle}>{t('cdp.segments.snapshots.schedules')}</h3>
      <ul className={styles.plain}>
        {items.map((each) => (
          <li key={each.schedule_id}>
            <span>
              {each.every === 'day'
                ? t('cdp.segments.snapshots.daily', { hour: each.hour })
                : t('cdp.segments.snapshots.weekly', {
                    hour: each.hour,
                    day: t(`cdp.segments.snapshots.weekday.${String(each.weekday) as '1'}`),
                  })}
              <span className={styles.beside}>
                {' '}
                {t('cdp.segments.snapshots.next', { at: format.instant(each.next_at) })}
              </span>
              {each.error ? <span className={styles.beside}> {said(each.error)}</span> : null}
            </span>
            {canWrite ? (
              <Button
                type="link"
                style={{ padding: 0, height: 'auto' }}
                disabled={remove.isPending}
                onClick={() => remove.mutate(each.schedule_id)}
              >
                {t('cdp.segments.snapshots.stop')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </>
  )
}

const Taken = ({ segmentId }: { segmentId: number }) => {
  const t = useT()
  const format = useFormats()
  const query = useQuery(snapshotsQuery(segmentId))
  const canExport = useCan('people:read')
  return (
    <Loaded query={query} height={60}>
      {({ items }) =>
        items.length === 0 ? (
          <p className={styles.none}>{t('cdp.segments.snapshots.empty')}</p>
        ) : (
          <ul className={styles.plain}>
            {items.map((each) => (
              <li key={each.list_id}>
                <span title={each.name}>
                  {canExport ? (
                    <a href={listExportAddress(each.list_id)} download>
                      {each.name}
                    </a>
                  ) : (
                    each.name
                  )}
                </span>
                <span className={styles.beside}>
                  {t('cdp.segments.people', { count: each.size, shown: format.count(each.size) })}
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  )
}

/** Lists of who was in at a moment: taken by hand, or again and again. */
export const SnapshotsPanel = ({ segmentId }: { segmentId: number }) => {
  const t = useT()
  const notice = useNotice()
  const canWrite = useCan('segments:write')
  const [isPlanning, setIsPlanning] = useState(false)
  const take = useMutation({
    mutationFn: () => takeSnapshot(segmentId, null),
    onSuccess: async () => {
      await forgetSegments()
      notice.success(t('cdp.segments.snapshots.taken'))
    },
    onError: (error) => void notice.error(error.message || t('kernel.ui.failed')),
  })
  return (
    <Panel title={t('cdp.segments.snapshots.title')} note={t('cdp.segments.snapshots.note')}>
      <Taken segmentId={segmentId} />
      <Schedules segmentId={segmentId} canWrite={canWrite} />
      {canWrite ? (
        <div className={styles.under}>
          <Button icon={<PlusIcon />} loading={take.isPending} onClick={() => take.mutate()}>
            {t('cdp.segments.snapshots.take')}
          </Button>
          <Button type="text" onClick={() => setIsPlanning(true)}>
            {t('cdp.segments.snapshots.plan')}
          </Button>
        </div>
      ) : null}
      {isPlanning ? <ScheduleDialog segmentId={segmentId} onClose={() => setIsPlanning(false)} /> : null}
    </Panel>
  )
}
