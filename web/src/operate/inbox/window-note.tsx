import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import styles from './inbox.module.css'
import type { Right } from './queries'
import { useNow, useSpan } from './span'

const SOON_MS = 3_600_000

interface WindowNoteProps {
  rights: Right[] | null | undefined
  /** What is to be answered is a comment, which has a right of its own. */
  isComment: boolean
}

/** Until when the platform lets us answer and how often, and what is still allowed when that is over. */
export const WindowNote = ({ rights, isComment }: WindowNoteProps) => {
  const t = useT()
  const format = useFormats()
  const now = useNow()
  const span = useSpan()
  if (!rights) return null
  const open = rights.filter(({ until }) => !until || Date.parse(until) > now)
  const best = open.find(({ opened_by: by, covers }) => by !== 'always' && covers !== 'template')
  if (!best) {
    const covers = (what: string) => open.some((right) => right.covers === what)
    const still = covers('template') ? 'template' : covers('task') ? 'task' : 'nothing'
    return (
      <p className={styles.shut}>
        {t(isComment ? 'operate.inbox.window.answered' : 'operate.inbox.window.closed')}{' '}
        {t(`operate.inbox.window.still.${still}`)}
      </p>
    )
  }
  const { until, left } = best
  if (!until) {
    return left === null ? null : <p className={styles.window}>{t('operate.inbox.window.use', { left })}</p>
  }
  const rest = Date.parse(until) - now
  const told = { at: format.instant(until), for: span(rest), left: left ?? 0 }
  return (
    <p className={rest < SOON_MS ? styles.warning : styles.window}>
      {t(
        isComment
          ? 'operate.inbox.window.comment'
          : left === null
            ? 'operate.inbox.window.open'
            : 'operate.inbox.window.count',
        told,
      )}
    </p>
  )
}
