import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, queryClient } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { Alert, Button } from '@/kernel/ui'
import styles from '../broadcasts.module.css'
import { useDeeds } from '../deeds'
import { broadcastQuery, checkQuery } from '../queries'
import { RejectedNote } from '../review/rejected-note'
import type { Broadcast } from '../types'
import { reachedOf } from '../view'
import { AboutPanel } from './about-panel'
import { AudiencePanel } from './audience-panel'
import { CheckPanel } from './check-panel'
import { ProofPanel } from './proof-panel'
import { RoutesPanel } from './routes-panel'
import { TestDialog } from './test-dialog'
import { TimePanel } from './time-panel'
import { useDraft, type Writing } from './use-draft'

const CONFLICT = 409

const SaveState = ({ id, writing: { isDirty, isSaving, error } }: { id: number; writing: Writing }) => {
  const t = useT()
  if (error instanceof ApiError && error.status === CONFLICT) {
    const reload = () => void queryClient.resetQueries({ queryKey: broadcastQuery(id).queryKey })
    return (
      <Alert
        type="warning"
        title={t('operate.broadcasts.conflict')}
        action={
          <Button size="small" onClick={reload}>
            {t('operate.broadcasts.reload')}
          </Button>
        }
      />
    )
  }
  const why = error instanceof Error && error.message ? error.message : t('kernel.ui.failed')
  if (error) return <span className={styles.bad}>{t('operate.broadcasts.notSaved', { why })}</span>
  const isOpen = isSaving || isDirty
  return (
    <span className={styles.hint}>
      {t(isOpen ? 'operate.broadcasts.saving' : 'operate.broadcasts.saved')}
    </span>
  )
}

interface ActsProps {
  broadcast: Broadcast
  writing: Writing
}

const Acts = ({ broadcast, writing }: ActsProps) => {
  const t = useT()
  const deeds = useDeeds(broadcast)
  const [isTesting, setIsTesting] = useState(false)
  const { data } = useQuery(checkQuery(broadcast.broadcast_id, broadcast.version))
  const isBlocked = !data || data.issues.some(({ severity }) => severity === 'error')
  const reached = data ? reachedOf(data.audience) : 0
  const isNow = (writing.draft.schedule.kind ?? 'now') === 'now'
  return (
    <>
      <div className={styles.acts}>
        <Button disabled={broadcast.routes.length === 0} onClick={() => setIsTesting(true)}>
          {t('operate.broadcasts.act.test')}
        </Button>
        {data?.needs_approval ? (
          <Button type="primary" disabled={isBlocked} onClick={() => deeds.submit(writing.flush)}>
            {t('operate.broadcasts.act.submit')}
          </Button>
        ) : (
          <Button
            type="primary"
            disabled={isBlocked || writing.isDirty}
            onClick={() => deeds.launch(writing.flush, reached)}
          >
            {t(isNow ? 'operate.broadcasts.act.launchNow' : 'operate.broadcasts.act.schedule')}
          </Button>
        )}
      </div>
      <p role="status" className={styles.saveState}>
        <SaveState id={broadcast.broadcast_id} writing={writing} />
      </p>
      {isTesting ? (
        <TestDialog id={broadcast.broadcast_id} ready={writing.flush} onClose={() => setIsTesting(false)} />
      ) : null}
    </>
  )
}

interface EditorProps {
  broadcast: Broadcast
  onPreview: (templateId: number) => void
}

/** Everything about a broadcast on one page; at the right whom it would reach and what lacks. */
export const Editor = ({ broadcast, onPreview }: EditorProps) => {
  const writing = useDraft(broadcast)
  const { draft, put } = writing
  const { broadcast_id: id, version } = broadcast
  const { data } = useQuery(checkQuery(id, version))
  const hasAudience = Boolean(draft.audience.segment_id ?? draft.audience.list_id)
  return (
    <div className={styles.sides}>
      <div className={styles.writing}>
        <RejectedNote approval={broadcast.approval} />
        <AboutPanel draft={draft} put={put} />
        <AudiencePanel draft={draft} put={put} />
        <RoutesPanel draft={draft} put={put} onPreview={onPreview} />
        <TimePanel draft={draft} put={put} />
        <ProofPanel draft={draft} put={put} people={hasAudience ? data?.audience.people : undefined} />
      </div>
      <div className={styles.aside}>
        <CheckPanel id={id} version={version} isOld={writing.isDirty} hasAudience={hasAudience}>
          <Acts broadcast={broadcast} writing={writing} />
        </CheckPanel>
      </div>
    </div>
  )
}
