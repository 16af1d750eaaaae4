import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Nothing } from '@/kernel/ui'
import type { SegmentItem } from './view'

/** How many more or fewer than seven days ago. Arrow and sign, no colour. */
export const Movement = ({ segment }: { segment: SegmentItem }) => {
  const t = useT()
  const format = useFormats()
  const { change_7d: change } = segment
  if (change === null || change === undefined) return <Nothing />
  if (change === 0) return <span>{t('cdp.segments.unchanged')}</span>
  return (
    <span>
      <span aria-hidden="true">{change > 0 ? '▲' : '▼'}</span> {change > 0 ? '+' : '−'}
      {format.count(Math.abs(change))}
    </span>
  )
}
