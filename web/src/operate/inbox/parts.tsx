import { useT } from '@/kernel/i18n'
import styles from './inbox.module.css'
import type { ThreadMessage } from './queries'

interface Button {
  label: string
}

interface Part {
  type: string
  media_id?: number | null
  text?: string
  kind?: string
  url?: string | null
  name?: string
  title?: string
  image_url?: string | null
  subject?: string
  options?: Button[]
  buttons?: Button[]
}

const isWeb = (address: string | null | undefined): address is string => /^https?:/.test(address ?? '')

const isOurs = ({ media_id, url }: Part): boolean => !!media_id && isWeb(url)

/** A file of our own library is shown from here, whatever name the world knows this place by. */
const pathOf = (address: string | null | undefined): string =>
  new URL(address ?? '', window.location.href).pathname

/** The words of a mail, and what it quotes behind a fold. */
const Mail = ({ text }: { text: string }) => {
  const t = useT()
  const at = text.search(/\n\n[^\n]+(?:wrote|写道)[:：]\n> /)
  if (at < 0) return <span>{text}</span>
  return (
    <>
      <span>{text.slice(0, at)}</span>
      <details className={styles.quoted}>
        <summary>{t('operate.inbox.thread.quoted')}</summary>
        <span>{text.slice(at).trim()}</span>
      </details>
    </>
  )
}

const Labels = ({ buttons }: { buttons: Button[] | undefined }) =>
  buttons?.length ? (
    <span className={styles.labels}>
      {buttons.map(({ label }) => (
        <span key={label}>{label}</span>
      ))}
    </span>
  ) : null

/** A file that the person sent us stands behind the inbox, at no address of its own. */
const Received = ({ part, path }: { part: Part; path: string }) =>
  part.kind === 'image' ? (
    <a href={path} target="_blank" rel="noopener noreferrer">
      <img className={styles.picture} src={path} alt={part.name || ''} loading="lazy" />
    </a>
  ) : (
    <a href={path} download={part.name || true}>
      {part.name || part.kind}
    </a>
  )

const Shown = ({ part, conversation }: { part: Part; conversation: number }) => {
  const t = useT()
  switch (part.type) {
    case 'media':
      if (part.media_id && !part.url) {
        return <Received part={part} path={`/api/conversations/${conversation}/files/${part.media_id}`} />
      }
      if (part.kind === 'image' && isOurs(part)) {
        return (
          <a href={pathOf(part.url)} target="_blank" rel="noopener noreferrer">
            <img
              className={styles.picture}
              src={pathOf(part.url)}
              alt={part.text || part.name || ''}
              loading="lazy"
            />
          </a>
        )
      }
      // Pictures of strangers' servers are not loaded: whoever sent them would see who reads.
      return isWeb(part.url) ? (
        <a href={part.url} target="_blank" rel="noopener noreferrer nofollow">
          {part.name || part.text || part.kind}
        </a>
      ) : (
        <span>{part.text || part.name || `[${part.kind}]`}</span>
      )
    case 'card':
      return (
        <span className={styles.card}>
          <strong>
            {isWeb(part.url) ? (
              <a href={part.url} target="_blank" rel="noopener noreferrer nofollow">
                {part.title}
              </a>
            ) : (
              part.title
            )}
          </strong>
          {part.text ? <span>{part.text}</span> : null}
          <Labels buttons={part.buttons} />
        </span>
      )
    case 'choices':
      return (
        <span className={styles.card}>
          <span>{part.text}</span>
          <Labels buttons={part.options} />
        </span>
      )
    case 'email':
      return (
        <span className={styles.card}>
          <strong>{part.subject}</strong>
          <Mail text={part.text ?? ''} />
        </span>
      )
    default:
      return <span>{part.text || t('operate.inbox.thread.messages')}</span>
  }
}

/** What a message says, part by part. */
export const Parts = ({ message, conversation }: { message: ThreadMessage; conversation: number }) => (
  <>
    {(message.parts as unknown as Part[]).map((part, place) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a message never change places
      <Shown key={place} part={part} conversation={conversation} />
    ))}
  </>
)
