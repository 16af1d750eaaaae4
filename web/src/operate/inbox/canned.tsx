import { useQuery } from '@tanstack/react-query'
import { useT } from '@/kernel/i18n'
import styles from './inbox.module.css'
import { type Canned, cannedQuery } from './queries'

/** Saved replies that fit what was typed after the slash. */
export const useCanned = (typed: string | null): Canned[] => {
  const { data } = useQuery({ ...cannedQuery, enabled: typed !== null })
  if (typed === null || !data) return []
  const sought = typed.toLowerCase()
  return data.items
    .filter(
      ({ shortcut, title }) =>
        shortcut.toLowerCase().startsWith(sought) || title.toLowerCase().includes(sought),
    )
    .slice(0, 8)
}

interface CannedListProps {
  id: string
  items: Canned[]
  chosen: number
  onChoose: (canned: Canned) => void
}

/** The saved replies above the composer. */
export const CannedList = ({ id, items, chosen, onChoose }: CannedListProps) => {
  const t = useT()
  return (
    <div id={id} className={styles.canned} role="listbox" aria-label={t('operate.inbox.composer.canned')}>
      {items.length === 0 ? <p className={styles.none}>{t('operate.inbox.composer.noCanned')}</p> : null}
      {items.map((canned, place) => (
        <div
          key={canned.canned_id}
          id={`${id}-${place}`}
          role="option"
          tabIndex={-1}
          aria-selected={place === chosen}
          className={styles.cannedRow}
          onMouseDown={(event) => {
            event.preventDefault()
            onChoose(canned)
          }}
        >
          <kbd>/{canned.shortcut}</kbd>
          <span>{canned.title}</span>
          <span className={styles.preview}>{canned.body}</span>
        </div>
      ))}
    </div>
  )
}
