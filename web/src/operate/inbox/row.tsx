import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import styles from './inbox.module.css'
import type { Conversation } from './queries'
import { useNow, useSpan } from './span'

/** What is promised or how long somebody waits, in a few words. */
const Clock = ({ item }: { item: Conversation }) => {
  const t = useT()
  const now = useNow()
  const span = useSpan()
  if (item.due_at) {
    const left = Date.parse(item.due_at) - now
    const key = left < 0 ? 'operate.inbox.list.late' : 'operate.inbox.list.dueIn'
    return (
      <span className={left < 0 ? styles.late : styles.due}>{t(key, { for: span(Math.abs(left)) })}</span>
    )
  }
  if (!item.waiting_since || item.state !== 'open') return null
  const waited = span(now - Date.parse(item.waiting_since))
  return <span className={styles.due}>{t('operate.inbox.list.waiting', { for: waited })}</span>
}

interface RowProps {
  item: Conversation
  isChosen: boolean
  onChoose: () => void
}

/** A conversation in the list. */
export const Row = ({ item, isChosen, onChoose }: RowProps) => {
  const t = useT()
  const word = useWord()
  const format = useFormats()
  const isTyping = item.watchers.some(({ user_id, is_typing }) => user_id === 0 && is_typing)
  return (
    <li>
      <button
        type="button"
        className={`${styles.row} ${isChosen ? styles.chosen : ''} ${item.is_unread ? styles.unread : ''}`}
        aria-current={isChosen ? 'true' : undefined}
        data-conversation={item.conversation_id}
        onClick={onChoose}
      >
        <span className={styles.rowTop}>
          <span className={styles.name}>{item.name || `#${item.person_id}`}</span>
          <span className={styles.when}>{format.ago(item.last_at)}</span>
        </span>
        <span className={styles.preview}>
          {isTyping ? (
            <em>{t('operate.inbox.list.typing')}</em>
          ) : (
            <>
              {item.last_kind === 'out' ? `${t('operate.inbox.list.you')} ` : ''}
              {item.preview}
            </>
          )}
        </span>
        <span className={styles.rowEnd}>
          <span className={styles.channel}>{word('kernel.channel', item.channel)}</span>
          {item.priority > 0 ? (
            <span className={styles.urgent}>
              {t(`operate.inbox.thread.priority.${item.priority as 1 | 2}`)}
            </span>
          ) : null}
          <Clock item={item} />
          <span className={styles.who}>{item.assignee_name ?? t('operate.inbox.list.nobody')}</span>
          {item.is_unread ? (
            <span className={styles.dot} role="img" aria-label={t('operate.inbox.list.unread')} />
          ) : null}
        </span>
      </button>
    </li>
  )
}
