import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { DateTime, Drawer, EmptyState, useNarrow } from '@/kernel/ui'
import styles from './portrait.module.css'
import type { PersonTag, TagEntry } from './queries'
import { useSourceText } from './source-text'

interface TagHistoryProps {
  items: PersonTag[]
  history: TagEntry[]
  onClose: () => void
}

/** Which tags came and went, who did it and why. */
export const TagHistory = ({ items, history, onClose }: TagHistoryProps) => {
  const t = useT()
  const format = useFormats()
  const isNarrow = useNarrow()
  const sourceText = useSourceText()
  const names = new Map(items.map(({ tag, label }) => [tag, label || tag]))
  return (
    <Drawer open title={t('cdp.people.tags.history')} size={isNarrow ? '100%' : 440} onClose={onClose}>
      {history.length === 0 ? <EmptyState title={t('cdp.people.tags.noHistory')} /> : null}
      <ol className={styles.changes}>
        {history.map(({ tag, is_added: isAdded, at, by, origin, reason, expires_at: until }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries are never put in between; two may be alike.
          <li key={index}>
            <span className={styles.when}>
              <DateTime at={at} />
            </span>
            <span>
              <span className={isAdded ? styles.new : styles.old}>
                <span aria-hidden="true">{isAdded ? '+ ' : '− '}</span>
                {t(isAdded ? 'cdp.people.tags.added' : 'cdp.people.tags.removed', {
                  tag: names.get(tag) ?? tag,
                })}
              </span>
              <span className={styles.changed}>
                {t(`cdp.people.tags.origin.${origin}`)}
                {by && origin !== 'rule' ? ` · ${sourceText(by)}` : ''}
                {reason ? ` · ${reason}` : ''}
                {isAdded && until ? ` · ${t('cdp.people.tags.until', { at: format.instant(until) })}` : ''}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </Drawer>
  )
}
