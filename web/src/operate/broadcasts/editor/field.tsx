import type { ReactNode } from 'react'
import styles from '../broadcasts.module.css'

interface FieldProps {
  label: string
  hint?: ReactNode
  children: ReactNode
}

/** A labelled box of the editor, and what it means. */
export const Field = ({ label, hint, children }: FieldProps) => (
  <div className={styles.field}>
    {/* biome-ignore lint/a11y/noLabelWithoutControl: the box stands inside */}
    <label className={styles.field}>
      <span>{label}</span>
      {children}
    </label>
    {hint ? <span className={styles.hint}>{hint}</span> : null}
  </div>
)
