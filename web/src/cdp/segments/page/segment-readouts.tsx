import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Readout, ReadoutStrip } from '@/kernel/ui'
import styles from '../segments.module.css'
import { StatusMark } from '../status-mark'
import type { SegmentDetail } from '../view'

const WEEK = 7

/** The instruments of a segment: how many, how that moved, and whether it is right now. */
export const SegmentReadouts = ({ segment }: { segment: SegmentDetail }) => {
  const t = useT()
  const format = useFormats()
  const { size, status, trend, built_at: builtAt } = segment
  const week = trend.slice(-WEEK)
  const entries = week.reduce((sum, day) => sum + day.entries, 0)
  const exits = week.reduce((sum, day) => sum + day.exits, 0)
  return (
    <ReadoutStrip label={t('cdp.segments.readouts.label')}>
      <Readout
        label={t('cdp.segments.column.size')}
        value={builtAt ? format.count(size) : '–'}
        note={builtAt ? null : t('cdp.segments.readouts.notBuilt')}
      />
      <Readout
        label={t('cdp.segments.readouts.entered')}
        value={format.count(entries)}
        note={t('cdp.segments.readouts.week')}
      />
      <Readout
        label={t('cdp.segments.readouts.left')}
        value={format.count(exits)}
        note={t('cdp.segments.readouts.week')}
      />
      <Readout
        label={t('cdp.segments.column.status')}
        value={
          <span className={styles.onRail}>
            <StatusMark status={status} />
          </span>
        }
        note={t(`cdp.segments.statusNote.${status}`)}
      />
    </ReadoutStrip>
  )
}
