import { useT } from '@/kernel/i18n'
import styles from './segments.module.css'
import type { Status } from './view'

const MARKS: Readonly<Record<Status, string>> = {
  draft: '○',
  building: '◔',
  live: '●',
  paused: '❚❚',
  failed: '✕',
}

/** What a segment is doing: a sign and a word. */
export const StatusMark = ({ status }: { status: Status }) => {
  const t = useT()
  return (
    <span className={styles.status} data-status={status}>
      <span aria-hidden="true">{MARKS[status]}</span> {t(`cdp.segments.status.${status}`)}
    </span>
  )
}
