import { type ReactNode, useId, useRef, useState } from 'react'
import { ExportMenu } from './export-menu'
import styles from './panel.module.css'
import { type Twin, TwinTable } from './twin-table'
import { TwinToggle } from './twin-toggle'

interface PanelProps {
  title: ReactNode
  /** A line under the title: what is counted, and from which definition. */
  note?: ReactNode
  /** What stands at the right of the title, before the panel's own buttons. */
  actions?: ReactNode
  /** The same data as a table: shown behind a button, exported as CSV. */
  twin?: Twin
  /** File name of exports, without extension. */
  fileName?: string
  /** No padding around the content, for tables that reach the edges. */
  flush?: boolean
  className?: string
  children: ReactNode
}

/** A light panel with a heading. A panel that draws carries a table twin and exports. */
export const Panel = ({ title, note, actions, twin, fileName, flush, className, children }: PanelProps) => {
  const headingId = useId()
  const figure = useRef<HTMLDivElement>(null)
  const [isTable, setIsTable] = useState(false)
  const name = fileName ?? 'fanwheel'
  return (
    <section className={`${styles.panel} ${className ?? ''}`} aria-labelledby={headingId}>
      <header className={styles.header}>
        <div className={styles.words}>
          <h2 id={headingId} className={styles.title}>
            {title}
          </h2>
          {note ? <p className={styles.note}>{note}</p> : null}
        </div>
        <div className={styles.actions}>
          {actions}
          {twin ? <TwinToggle isTable={isTable} onChange={setIsTable} /> : null}
          {twin ? <ExportMenu twin={twin} fileName={name} figure={isTable ? null : figure} /> : null}
        </div>
      </header>
      {/* Distinct keys: the chart library's clean-up must never touch the table's nodes. */}
      {twin && isTable ? (
        <div key="table" className={styles.table}>
          <TwinTable twin={twin} labelledBy={headingId} />
        </div>
      ) : (
        <div key="figure" ref={figure} className={flush ? styles.flush : styles.body}>
          {children}
        </div>
      )}
    </section>
  )
}
