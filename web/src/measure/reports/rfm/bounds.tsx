import type { RfmReport } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { SCORES } from './figures'
import styles from './rfm.module.css'

const FROM_BEST = [...SCORES].reverse()

/** What it takes to get each score. */
export const Bounds = ({ report: { bounds } }: { report: RfmReport }) => {
  const t = useT()
  const format = useFormats()
  const list = (name: 'recency' | 'frequency', limits: readonly number[], letter: string) => (
    <>
      <h3 className={styles.heading}>{t(`measure.reports.rfm.${name}`)}</h3>
      <dl className={styles.bounds}>
        {FROM_BEST.map((score) => {
          const limit = limits[score - 1]
          if (limit === undefined) return null
          return (
            <div key={score} className={styles.bound}>
              <dt>{`${letter}${score}`}</dt>
              <dd>{t(`measure.reports.rfm.limit.${name}`, { count: limit, shown: format.count(limit) })}</dd>
            </div>
          )
        })}
      </dl>
    </>
  )
  return (
    <div>
      {list('recency', bounds.recency_days, 'R')}
      {list('frequency', bounds.frequency, 'F')}
    </div>
  )
}
