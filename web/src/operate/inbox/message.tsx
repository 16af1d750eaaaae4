import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { Button } from '@/kernel/ui'
import styles from './inbox.module.css'
import { Parts } from './parts'
import type { ThreadMessage } from './queries'
import type { Draft } from './sending'

const RULES = ['suppressed', 'consent', 'window', 'quota', 'cap', 'quiet', 'content'] as const

/** Who speaks without a human: rules of the auto-reply, menus, broadcasts. */
const BY_ITSELF = ['autoreply', 'rule', 'menu', 'broadcast'] as const

const useAuthor = () => {
  const t = useT()
  return ({ author, author_name: name }: ThreadMessage): string => {
    if (name) return name
    if (author === 'elsewhere' || author === 'system' || author === 'survey') {
      return t(`operate.inbox.line.${author}`)
    }
    const known = BY_ITSELF.find((name) => author.startsWith(`${name}:`))
    return known ? t(`operate.inbox.line.${known}`) : author
  }
}

/** How far an answer has come. */
const Progress = ({ message }: { message: ThreadMessage }) => {
  const t = useT()
  const word = useWord()
  const rule = RULES.find((name) => message.rule?.startsWith(name)) ?? 'other'
  if (message.receipt === 'read' || message.receipt === 'opened' || message.receipt === 'clicked') {
    return <span>{t('operate.inbox.sending.read')}</span>
  }
  if (message.receipt === 'delivered') return <span>{t('operate.inbox.sending.delivered')}</span>
  if (!message.state) return null
  const isBad = ['skipped', 'failed', 'held_out', 'unclear'].includes(message.state)
  return (
    <span className={isBad ? styles.refused : undefined}>
      {message.state === 'skipped'
        ? t('operate.inbox.sending.skipped', { rule: t(`operate.inbox.rule.${rule}`) })
        : word('operate.inbox.sending', message.state)}
    </span>
  )
}

const REMARKS = ['team', 'priority', 'snoozed', 'closed', 'reopened', 'woken', 'handed_over'] as const

/** A line that says what was done with the conversation. */
const Remark = ({ message, names }: { message: ThreadMessage; names: Map<number, string> }) => {
  const t = useT()
  const format = useFormats()
  const who = useAuthor()(message)
  const { what, to, until } = message.detail as { what?: string; to?: number | null; until?: string }
  const told = { who, to: names.get(to ?? 0) ?? '', until: until ? format.instant(until) : '' }
  if (what === 'assignee') {
    return (
      <p className={styles.remark}>
        {t(to ? 'operate.inbox.line.assignee' : 'operate.inbox.line.nobody', told)}
      </p>
    )
  }
  const known = REMARKS.find((each) => each === what) ?? 'other'
  return <p className={styles.remark}>{t(`operate.inbox.line.${known}`, told)}</p>
}

interface MessageProps {
  message: ThreadMessage
  conversation: number
  names: Map<number, string>
}

/** A message, a note or a remark. */
export const Message = ({ message, conversation, names }: MessageProps) => {
  const t = useT()
  const format = useFormats()
  const author = useAuthor()
  if (message.kind === 'line') {
    return (
      <li>
        <Remark message={message} names={names} />
      </li>
    )
  }
  const { kind } = message
  return (
    <li className={`${styles.message} ${styles[kind] ?? ''}`}>
      <div className={styles.bubble}>
        {kind === 'note' ? <span className={styles.noteMark}>{t('operate.inbox.thread.note')}</span> : null}
        <Parts message={message} conversation={conversation} />
      </div>
      <p className={styles.told}>
        {kind === 'in' ? null : <span>{author(message)}</span>}
        <time dateTime={message.said_at} title={format.instant(message.said_at, 'second')}>
          {format.instant(message.said_at)}
        </time>
        {kind === 'out' ? <Progress message={message} /> : null}
      </p>
    </li>
  )
}

interface DraftLineProps {
  draft: Draft
  onAgain: () => void
  onDrop: () => void
}

/** An answer that the server does not have yet. */
export const DraftLine = ({ draft, onAgain, onDrop }: DraftLineProps) => {
  const t = useT()
  return (
    <li className={`${styles.message} ${styles.out}`}>
      <div className={`${styles.bubble} ${styles.local}`}>
        {draft.answer.text ? <span>{draft.answer.text}</span> : null}
        {draft.answer.extras.map(({ key, label }) => (
          <span key={key} className={styles.card}>
            {label}
          </span>
        ))}
      </div>
      <p className={styles.told}>
        {draft.isLost ? (
          <>
            <span className={styles.refused}>{t('operate.inbox.sending.lost')}</span>
            <Button size="small" type="link" onClick={onAgain}>
              {t('operate.inbox.sending.again')}
            </Button>
            <Button size="small" type="link" onClick={onDrop}>
              {t('operate.inbox.sending.drop')}
            </Button>
          </>
        ) : (
          <span>{t('operate.inbox.sending.local')}</span>
        )}
      </p>
    </li>
  )
}
