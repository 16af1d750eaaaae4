import type { ReactNode } from 'react'
import { useT } from '@/kernel/i18n'
import { CloseIcon } from './icons'
import { Button } from './primitives'
import styles from './toast.module.css'

interface ToastProps {
  /** What happened, or is happening. */
  children: ReactNode
  /** A line beneath, smaller. */
  note?: ReactNode
  /** How far it has come, from 0 to 1; nothing once it is over. */
  progress?: number
  isError?: boolean
  /** Buttons, such as "Undo". */
  actions?: ReactNode
  onClose: () => void
}

/** A notice that stays until it is closed, with what can still be done about it. */
export const Toast = ({ children, note, progress, isError, actions, onClose }: ToastProps) => {
  const t = useT()
  return (
    <div className={styles.toast} data-error={isError || undefined}>
      <div className={styles.words}>
        <p className={styles.text}>{children}</p>
        {note ? <p className={styles.note}>{note}</p> : null}
      </div>
      <div className={styles.actions}>
        {actions}
        <Button
          type="text"
          className={styles.close}
          icon={<CloseIcon />}
          aria-label={t('kernel.ui.close')}
          onClick={onClose}
        />
      </div>
      {progress === undefined ? null : (
        <progress className={styles.progress} aria-label={t('kernel.ui.progress')} value={progress} max={1} />
      )}
    </div>
  )
}

/** The corner in which notices stand, one above the other. */
export const ToastStack = ({ label, children }: { label: string; children: ReactNode }) => (
  <section className={styles.stack} aria-label={label} aria-live="polite">
    {children}
  </section>
)
