import type { ReactNode } from 'react'
import { LanguageSwitch } from '@/kernel/ui'
import styles from './entrance.module.css'

interface EntranceProps {
  title: string
  lead: string
  children: ReactNode
}

/** The outline of the aeroplane in plan, as on a blueprint. */
const Blueprint = () => (
  <svg
    className={styles.plane}
    viewBox="0 0 640 420"
    aria-hidden="true"
    fill="none"
    stroke="#3A6276"
    strokeWidth="1.25"
  >
    <path d="M86 176h330c70 0 120 18 150 34-30 16-80 34-150 34H86c-22 0-36-14-36-34s14-34 36-34Z" />
    <path d="M390 176 236 24h-46l74 152M390 244 236 396h-46l74-152" />
    <path d="M136 176 86 116H60l34 60M136 244l-50 60H60l34-60" />
    <path d="M494 186q26 24 0 48" />
    {[118, 180, 242, 304, 366].map((left) => (
      <rect key={left} x={left} y="186" width="54" height="48" rx="5" />
    ))}
    <path d="M20 210h600M330 8v404" strokeDasharray="3 7" stroke="#27495B" />
  </svg>
)

/** The pages before one is signed in: the form, beside the aeroplane on the dark. */
export const Entrance = ({ title, lead, children }: EntranceProps) => (
  <div className={styles.entrance}>
    <div className={styles.dark}>
      <p className={styles.brand}>Fanwheel</p>
      <Blueprint />
    </div>
    <main className={styles.side}>
      <div className={styles.language}>
        <LanguageSwitch />
      </div>
      <div className={styles.card}>
        <p className={styles.smallBrand}>Fanwheel</p>
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.lead}>{lead}</p>
        {children}
      </div>
    </main>
  </div>
)
