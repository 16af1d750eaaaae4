import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import styles from './inbox.module.css'
import type { Right } from './queries'
import { useNow, useSpan } from './span'

/** Until when the platform lets us answer, and how often. */
export const WindowNote = ({ rights }: { rights: Right[] | null | undefined }) => {
  const t = useT()
  const format = useFormats()
  const now = useNow()
  const span = useSpan()
  if (!rights) return null
  const open = rights
    .filter(({ until }) => !until || Date.parse(until) > now)
    .sort((one, other) => (other.until ?? '9').localeCompare(one.until ?? '9'))
  const [best] = open
  if (!best) return <p className={styles.shut}>{t('operate.inbox.window.closed')}</p>
  const { until, left } = best
  if (!until) {
    return left === null ? null : <p className={styles.window}>{t('operate.inbox.window.use', { left })}</p>
  }
  const told = { at: format.instant(until), for: span(Date.parse(until) - now), left: left ?? 0 }
  return (
    <p className={styles.window}>
      {t(left === null ? 'operate.inbox.window.open' : 'operate.inbox.window.count', told)}
    </p>
  )
}
