import type { ReactNode } from 'react'
import styles from './share-bar.module.css'

interface ShareBarProps {
  /** How much of the whole, from 0 to 1. */
  share: number
  /** The same in figures: a bar alone says nothing to those who cannot see it. */
  children: ReactNode
  fill?: string
  /** Pixels kept for the figures, so that bars below each other end alike. */
  figuresWidth?: number
}

/** A part of a whole as a bar, with its figures beside it. */
export const ShareBar = ({ share, children, fill, figuresWidth }: ShareBarProps) => (
  <span className={styles.share}>
    <span className={styles.track} aria-hidden="true">
      <span
        className={styles.fill}
        style={{ width: `${100 * Math.min(1, Math.max(0, share))}%`, background: fill }}
      />
    </span>
    <span className={styles.figures} style={{ minWidth: figuresWidth }}>
      {children}
    </span>
  </span>
)
