import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import type { Band, RfmAxis } from './figures'

/** What buyers with a score have, in words: “2 to 3 purchases”. */
export const useBandText = () => {
  const t = useT()
  const format = useFormats()
  return (axis: RfmAxis, { least, most }: Band): string => {
    const from = format.count(least)
    if (most === null) return t('measure.reports.rfm.orMore', { count: least, from })
    const to = format.count(most)
    if (axis === 'recency' && least === 0) return t('measure.reports.rfm.within', { count: most, to })
    return least === most
      ? t(`measure.reports.rfm.exactly.${axis}`, { count: most, to })
      : t(`measure.reports.rfm.range.${axis}`, { from, to })
  }
}
