import type { MoneyInterval } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Money, Nothing } from '@/kernel/ui'
import styles from './amounts.module.css'
import { spansZero } from './figures'

/** An amount with its 95 % interval in words, shortened. */
export const useIntervalText = (currency: string) => {
  const t = useT()
  const format = useFormats()
  return ({ low_minor, high_minor }: MoneyInterval): string =>
    t('measure.verdict.interval', {
      low: format.money(low_minor, currency, { compact: true }),
      high: format.money(high_minor, currency, { compact: true }),
    })
}

interface EstimateProps {
  interval: MoneyInterval | null
  currency: string
  /** Mark an estimate whose interval spans zero; of use where zero is what decides. */
  isSigned?: boolean
}

/** An estimate with its interval underneath; faded where it may as well be nothing. */
export const Estimate = ({ interval, currency, isSigned = false }: EstimateProps) => {
  const text = useIntervalText(currency)
  if (!interval) return <Nothing />
  return (
    <span className={styles.estimate} data-open={(isSigned && spansZero(interval)) || undefined}>
      <span className={styles.value}>
        <Money minor={interval.estimate_minor} currency={currency} compact />
      </span>
      <span className={styles.interval}>{text(interval)}</span>
    </span>
  )
}
