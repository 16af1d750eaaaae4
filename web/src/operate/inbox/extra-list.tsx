import { useT } from '@/kernel/i18n'
import { Button } from '@/kernel/ui'
import { CloseIcon } from '@/kernel/ui/icons'
import { type Extra, isNative } from './extras'
import styles from './inbox.module.css'

interface ExtraListProps {
  extras: Extra[]
  capabilities: readonly string[]
  onRemove: (key: string) => void
}

/** What goes along with the answer, until it is sent. */
export const ExtraList = ({ extras, capabilities, onRemove }: ExtraListProps) => {
  const t = useT()
  if (extras.length === 0) return null
  return (
    <ul className={styles.extras} aria-label={t('operate.inbox.extra.label')}>
      {extras.map((extra) => (
        <li key={extra.key}>
          <span className={styles.extraKind}>{t(`operate.inbox.extra.kind.${extra.kind}`)}</span>
          <span className={styles.extraName}>{extra.label}</span>
          {isNative(extra, capabilities) ? null : (
            <span className={styles.extraHint}>{t('operate.inbox.extra.asText')}</span>
          )}
          <Button
            size="small"
            type="text"
            icon={<CloseIcon />}
            aria-label={t('operate.inbox.extra.remove', { name: extra.label })}
            onClick={() => onRemove(extra.key)}
          />
        </li>
      ))}
    </ul>
  )
}
