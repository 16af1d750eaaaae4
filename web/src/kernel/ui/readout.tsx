import type { ReactNode } from 'react'
import styles from './readout.module.css'

interface ReadoutProps {
  label: string
  value: ReactNode
  /** The full figure when the value is shortened. */
  title?: string
  note?: ReactNode
}

/** One instrument: what it shows, the figure, and what stands beside it. */
export const Readout = ({ label, value, title, note }: ReadoutProps) => (
  <div className={styles.readout}>
    <dt className={styles.label}>{label}</dt>
    <dd className={styles.value} title={title}>
      {value}
    </dd>
    {note ? <dd className={styles.note}>{note}</dd> : null}
  </div>
)

/** The dark strip that holds the instruments. */
export const ReadoutStrip = ({ label, children }: { label: string; children: ReactNode }) => (
  <section aria-label={label}>
    <dl className={styles.strip}>{children}</dl>
  </section>
)
