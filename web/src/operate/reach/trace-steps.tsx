import { useFormats } from '@/kernel/format'
import { said, useT, useWord } from '@/kernel/i18n'
import type { Trace, TraceStep } from './queries'
import styles from './reach.module.css'

const DAY_S = 86_400

const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

/** The figures of a step in plain words. */
const useDetailText = () => {
  const t = useT()
  const word = useWord()
  const format = useFormats()
  return ({ rule, outcome, detail }: TraceStep) => {
    const parts: string[] = []
    if (detail.why) parts.push(word('operate.reach.reason', text(detail.why)))
    if (detail.most !== undefined && detail.used !== undefined) {
      parts.push(t('operate.reach.detail.used', { used: text(detail.used), most: text(detail.most) }))
    }
    if (detail.window_s) {
      parts.push(t('operate.reach.detail.within', { days: String(Number(detail.window_s) / DAY_S) }))
    }
    if (detail.waited_for) {
      const awaited = word('operate.reach.rule', text(detail.waited_for))
      parts.push(t('operate.reach.detail.waited', { rule: awaited }))
    }
    if (rule === 'window' && outcome !== 'passed') {
      parts.push(t(detail.spent ? 'operate.reach.detail.spent' : 'operate.reach.detail.closed'))
    }
    if (detail.holdout) {
      const share = `${Math.round(Number(detail.share) * 1000) / 10} %`
      parts.push(t('operate.reach.detail.holdout', { share }))
    }
    if (detail.zone) parts.push(t('operate.reach.detail.zone', { zone: text(detail.zone) }))
    if (detail.said) parts.push(t('operate.reach.detail.said', { said: said(text(detail.said)) }))
    if (detail.times) parts.push(t('operate.reach.detail.times', { times: text(detail.times) }))
    if (detail.until) parts.push(t('operate.reach.detail.until', { at: format.instant(text(detail.until)) }))
    return parts.join(' · ')
  }
}

/** Every rule in its order, every attempt, and what the platform told afterwards. */
export const TraceSteps = ({ trace }: { trace: Trace }) => {
  const t = useT()
  const word = useWord()
  const format = useFormats()
  const detailText = useDetailText()
  return (
    <ul className={styles.steps}>
      {trace.steps.map((step) => (
        <li key={`${step.rule} ${step.outcome} ${step.at}`} className={styles.step}>
          <span>{word('operate.reach.rule', step.rule)}</span>
          <span>{word('operate.reach.outcome', step.outcome)}</span>
          <span className={styles.hint}>{detailText(step)}</span>
        </li>
      ))}
      {trace.receipts.map((receipt) => (
        <li key={`${receipt.state} ${receipt.at}`} className={styles.step}>
          <span>{word('operate.reach.receipt', receipt.state)}</span>
          <span>{format.instant(receipt.at)}</span>
          <span className={styles.hint}>
            {[receipt.is_machine ? t('operate.reach.machine') : '', said(receipt.detail)]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </li>
      ))}
    </ul>
  )
}
