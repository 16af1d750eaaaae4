import { Fragment } from 'react'
import { useFormats } from '@/kernel/format'
import styles from '../segments.module.css'

export interface Bar {
  key: string
  label: string
  value: number
  /** Colour of the bar; one hue by default. */
  fill?: string
}

interface BarsProps {
  bars: Bar[]
  /** What a full bar stands for. */
  most: number
}

/** Names with a bar and a figure each; the scale is straight and begins at nothing. */
export const Bars = ({ bars, most }: BarsProps) => {
  const format = useFormats()
  return (
    <dl className={styles.bars}>
      {bars.map(({ key, label, value, fill }) => (
        <Fragment key={key}>
          <dt title={label}>{label}</dt>
          <dd className={styles.track} aria-hidden="true">
            <div
              className={styles.fill}
              style={{ width: `${most > 0 ? Math.min(100, (100 * value) / most) : 0}%`, background: fill }}
            />
          </dd>
          <dd>
            {format.count(value)}
            {most > 0 ? <span className={styles.beside}> · {format.share(value / most)}</span> : null}
          </dd>
        </Fragment>
      ))}
    </dl>
  )
}
