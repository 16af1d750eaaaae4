import { useActorName } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Alert } from '@/kernel/ui'
import type { Broadcast } from '../types'

/** What somebody who looked at it wants changed. */
export const RejectedNote = ({ approval }: Pick<Broadcast, 'approval'>) => {
  const t = useT()
  const format = useFormats()
  const actorName = useActorName()
  const { state, decided_by: who, decided_at: at, note } = approval
  if (state !== 'rejected') return null
  return (
    <Alert
      type="warning"
      title={t('operate.broadcasts.review.rejectedBy', {
        who: actorName(who ?? ''),
        at: at ? format.instant(at) : '',
      })}
      description={note || undefined}
    />
  )
}
