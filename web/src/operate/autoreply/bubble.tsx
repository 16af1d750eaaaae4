import { useT } from '@/kernel/i18n'
import styles from './autoreply.module.css'

interface Part {
  type?: string
  text?: string
  title?: string
  url?: string | null
  about?: string
  options?: { label: string }[]
  buttons?: { label: string }[]
}

/** A part of an answer as a person would see it. */
export const Bubble = ({ part }: { part: Record<string, unknown> }) => {
  const t = useT()
  const { title, text, url, about, options = [], buttons = [] } = part as Part
  const taps = [...options, ...buttons]
  return (
    <div className={styles.bubble}>
      {about === 'lead' ? t('operate.autoreply.leadCard') : null}
      {title ? <strong>{title}</strong> : null}
      {title && text ? '\n' : null}
      {text}
      {url ? `\n${url}` : null}
      {taps.length > 0 ? (
        <ul>
          {taps.map(({ label }) => (
            <li key={label}>{label}</li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}
