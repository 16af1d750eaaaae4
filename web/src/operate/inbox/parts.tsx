import { useT } from '@/kernel/i18n'
import styles from './inbox.module.css'
import type { ThreadMessage } from './queries'

interface Button {
  label: string
}

interface Part {
  type: string
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

const Labels = ({ buttons }: { buttons: Button[] | undefined }) =>
  buttons?.length ? (
    <span className={styles.labels}>
      {buttons.map(({ label }) => (
        <span key={label}>{label}</span>
      ))}
    </span>
  ) : null

const Shown = ({ part }: { part: Part }) => {
  const t = useT()
  switch (part.type) {
    case 'media':
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
          <strong>{part.title}</strong>
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
          <span>{part.text}</span>
        </span>
      )
    default:
      return <span>{part.text || t('operate.inbox.thread.messages')}</span>
  }
}

/** What a message says, part by part. */
export const Parts = ({ message }: { message: ThreadMessage }) => (
  <>
    {(message.parts as unknown as Part[]).map((part, place) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a message never change places
      <Shown key={place} part={part} />
    ))}
  </>
)
