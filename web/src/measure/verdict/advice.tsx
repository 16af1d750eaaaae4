import type { VerdictRow } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import styles from './ledger.module.css'

interface AdviceProps {
  row: VerdictRow
  currency: string
}

/** What to do about a channel, in words; for a test also how many people, how long, and what it is worth. */
export const useAdviceText = () => {
  const t = useT()
  const format = useFormats()
  return ({ advice }: VerdictRow, currency: string): string[] => {
    const { action, meanwhile, holdout_share: share, days, worth_minor: worth } = advice
    const isLeaning = action === 'test' && (meanwhile === 'lean_cut' || meanwhile === 'lean_keep')
    const lines = [
      action === 'test' && share !== null && days !== null
        ? t('measure.verdict.advice.plan', { share: format.share(share), count: days })
        : null,
      worth === null
        ? null
        : t('measure.verdict.advice.worth', { worth: format.money(worth, currency, { compact: true }) }),
    ]
    const step = isLeaning ? (`testing.${meanwhile}` as const) : action
    return [t(`measure.verdict.advice.${step}`), ...lines.filter((line) => line !== null)]
  }
}

export const Advice = ({ row, currency }: AdviceProps) => {
  const [action, ...plan] = useAdviceText()(row, currency)
  return (
    <span className={styles.stack}>
      <span className={styles.action}>{action}</span>
      {plan.map((line) => (
        <span key={line} className={styles.small}>
          {line}
        </span>
      ))}
    </span>
  )
}
