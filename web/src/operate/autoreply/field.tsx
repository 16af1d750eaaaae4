import type { ReactNode } from 'react'
import styles from './autoreply.module.css'

/** A labelled box of the editors. */
export const Field = ({ label, children }: { label: string; children: ReactNode }) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: the box stands inside
  <label className={styles.field}>
    <span>{label}</span>
    {children}
  </label>
)
