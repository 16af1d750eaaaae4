import type { IdentityChange } from '@/kernel/api'
import { useT, useWord } from '@/kernel/i18n'
import { DateTime, Panel } from '@/kernel/ui'
import styles from './identity.module.css'

/** Every time people were joined or parted, by whom and why. */
export const History = ({ changes }: { changes: IdentityChange[] }) => {
  const t = useT()
  const word = useWord()
  if (changes.length === 0) return null
  return (
    <Panel title={t('cdp.people.identity.history')}>
      <ul className={styles.history}>
        {changes.map((change) => (
          <li key={`${change.at} ${change.action} ${change.other_ids.join()}`} className={styles.change}>
            <span className={styles.when}>
              <DateTime at={change.at} />
            </span>
            <span>
              <b className={styles.action}>{word('cdp.people.action', change.action)}</b>{' '}
              {t('cdp.people.identity.changed', { ids: change.other_ids.join(', ') })}
              <span className={styles.actor}>
                {[change.actor, change.reason].filter(Boolean).join(' · ')}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
