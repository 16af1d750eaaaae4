import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useActorName, useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button } from '@/kernel/ui'
import styles from '../broadcasts.module.css'
import { useDeeds } from '../deeds'
import { CheckPanel } from '../editor/check-panel'
import { checkQuery } from '../queries'
import { SetupPanel } from '../setup-panel'
import type { Broadcast } from '../types'
import { reachedOf } from '../view'
import { NoteDialog } from './note-dialog'

/** Who looked at it, or has to, and why not oneself. */
const Standing = ({ broadcast: { approval, may, state } }: { broadcast: Broadcast }) => {
  const t = useT()
  const format = useFormats()
  const actorName = useActorName()
  const { decided_by: by, decided_at: at, submitted_by: asked, note } = approval
  if (state !== 'in_review') {
    if (!by || !at) return null
    return (
      <p className={styles.hint}>
        {t('operate.broadcasts.review.approvedBy', { who: actorName(by), at: format.instant(at) })}
        {note ? ` “${note}”` : ''}
      </p>
    )
  }
  const refusal = {
    is_author: t(may.alone ? 'operate.broadcasts.review.alone' : 'operate.broadcasts.review.mine'),
    no_permission: t('operate.broadcasts.review.mayNot'),
    not_submitted: '',
  }
  return (
    <>
      <p>{t('operate.broadcasts.review.waiting', { who: actorName(asked ?? '') })}</p>
      {may.approve || !may.why_not ? null : <p className={styles.caution}>{refusal[may.why_not]}</p>}
    </>
  )
}

const Buttons = ({ broadcast }: { broadcast: Broadcast }) => {
  const t = useT()
  const format = useFormats()
  const canWrite = useCan('broadcasts:write')
  const deeds = useDeeds(broadcast)
  const [verdict, setVerdict] = useState<'approve' | 'reject' | null>(null)
  const { broadcast_id: id, version, state, may, schedule } = broadcast
  const { data } = useQuery(checkQuery(id, version))
  const reached = data ? reachedOf(data.audience) : 0
  const isBlocked = !data || data.issues.some(({ severity }) => severity === 'error')
  const isNow = (schedule.kind ?? 'now') === 'now'
  return (
    <div className={styles.acts}>
      {state === 'in_review' && may.approve ? (
        <>
          <Button type="primary" onClick={() => setVerdict('approve')}>
            {t('operate.broadcasts.act.approve')}
          </Button>
          <Button onClick={() => setVerdict('reject')}>{t('operate.broadcasts.act.reject')}</Button>
        </>
      ) : null}
      {state === 'approved' && canWrite ? (
        <Button
          type="primary"
          disabled={isBlocked}
          onClick={() => deeds.launch(async () => version, reached)}
        >
          {t(isNow ? 'operate.broadcasts.act.launchNow' : 'operate.broadcasts.act.schedule')}
        </Button>
      ) : null}
      {canWrite ? <Button onClick={deeds.reopen}>{t('operate.broadcasts.act.edit')}</Button> : null}
      {state === 'scheduled' && canWrite ? (
        <>
          <Button onClick={deeds.pause}>{t('operate.broadcasts.act.pause')}</Button>
          <Button danger onClick={deeds.cancel}>
            {t('operate.broadcasts.act.cancelAll')}
          </Button>
        </>
      ) : null}
      {verdict ? (
        <NoteDialog
          broadcast={broadcast}
          verdict={verdict}
          text={t('operate.broadcasts.review.approveText', { shown: format.count(reached) })}
          onClose={() => setVerdict(null)}
        />
      ) : null}
    </div>
  )
}

interface ReviewProps {
  broadcast: Broadcast
  onPreview: (templateId: number) => void
}

/** A broadcast that is written and not yet out: what was set, whom it reaches, who has to agree. */
export const Review = ({ broadcast, onPreview }: ReviewProps) => (
  <div className={styles.sides}>
    <div className={styles.writing}>
      <SetupPanel broadcast={broadcast} onPreview={onPreview} />
    </div>
    <div className={styles.aside}>
      <CheckPanel id={broadcast.broadcast_id} version={broadcast.version} hasAudience>
        <div className={styles.standing}>
          <Standing broadcast={broadcast} />
        </div>
        <Buttons broadcast={broadcast} />
      </CheckPanel>
    </div>
  </div>
)
