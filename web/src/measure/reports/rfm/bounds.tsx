import type { RfmReport } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { bandsOf, gapsOf, type RfmAxis } from './figures'
import styles from './rfm.module.css'
import { useBandText } from './use-band-text'

const LETTERS: Readonly<Record<RfmAxis, string>> = { recency: 'R', frequency: 'F' }

/** What buyers with each score have, and which scores nobody has. */
export const Bounds = ({ report }: { report: RfmReport }) => {
  const t = useT()
  const bandText = useBandText()
  const list = (axis: RfmAxis) => {
    const letter = LETTERS[axis]
    const bands = bandsOf(report, axis)
    const held = bands.map((band) => ({ first: band.score, last: band.score, text: bandText(axis, band) }))
    const gaps = gapsOf(bands).map(([first, last]) => ({
      first,
      last,
      text: t('measure.reports.rfm.nobody'),
    }))
    return (
      <>
        <h3 className={styles.heading}>{t(`measure.reports.rfm.${axis}`)}</h3>
        <dl className={styles.bounds}>
          {[...held, ...gaps]
            .sort((one, other) => other.last - one.last)
            .map(({ first, last, text }) => (
              <div key={last} className={styles.bound}>
                <dt>{first === last ? `${letter}${last}` : `${letter}${first}–${last}`}</dt>
                <dd>{text}</dd>
              </div>
            ))}
        </dl>
      </>
    )
  }
  return (
    <div>
      {list('recency')}
      {list('frequency')}
    </div>
  )
}
