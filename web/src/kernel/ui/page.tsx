import { type ReactNode, useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import styles from './page.module.css'

/** The shell's place for the heading of the page on screen. */
export const PAGE_TITLE_ID = 'page-title'

interface PageProps {
  title: string
  /** What leads here, shown before the title. */
  above?: ReactNode
  /** A line that says what is on the page, at the left of the tools. */
  note?: ReactNode
  /** Tools of the whole page, such as the period. */
  tools?: ReactNode
  /** Fill the window's height; the page scrolls inside. */
  isFilling?: boolean
  children: ReactNode
}

/** One page: its heading goes to the top bar and to the browser's title. */
export const Page = ({ title, above, note, tools, isFilling, children }: PageProps) => {
  const [slot, setSlot] = useState<HTMLElement | null>(null)
  useEffect(() => setSlot(document.getElementById(PAGE_TITLE_ID)), [])
  useEffect(() => {
    document.title = `${title} · Fanwheel`
  }, [title])
  const heading = (
    <>
      {above ? <span className={styles.above}>{above}</span> : null}
      <h1 className={styles.title}>{title}</h1>
    </>
  )
  return (
    <div className={isFilling ? styles.filling : styles.page}>
      {slot ? createPortal(heading, slot) : null}
      {note || tools ? (
        <div className={styles.bar}>
          <div className={styles.note}>{note}</div>
          <div className={styles.tools}>{tools}</div>
        </div>
      ) : null}
      {children}
    </div>
  )
}
