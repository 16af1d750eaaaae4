import { useWidth } from '@/kernel/charts'
import { useT } from '@/kernel/i18n'
import { type ClientName, clientOf, fitting, inTheDark } from './clients'
import styles from './content.module.css'

interface MailFrameProps {
  html: string
  client: ClientName
  isDark: boolean
}

/** A mail as wide as a client shows it; drawn smaller where there is less room. */
export const MailFrame = ({ html, client, isDark }: MailFrameProps) => {
  const t = useT()
  const [place, room] = useWidth<HTMLDivElement>()
  const { width, dark } = clientOf(client)
  const scale = fitting(width, room)
  return (
    <div ref={place} className={styles.frameRoom}>
      <div className={styles.frameSize} style={{ width: width * scale }}>
        <iframe
          // Nothing in it runs, and it reaches nothing of this page.
          sandbox=""
          title={t('operate.content.preview.frame')}
          srcDoc={isDark ? inTheDark(html, dark) : html}
          className={styles.frame}
          style={{ width, height: `${100 / scale}%`, transform: `scale(${scale})` }}
        />
      </div>
    </div>
  )
}
