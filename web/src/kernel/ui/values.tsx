import { Tooltip } from 'antd'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import styles from './values.module.css'

interface MoneyProps {
  minor: number
  currency: string
  compact?: boolean
}

/** An amount in minor units; shortened ones tell the full amount on hover. */
export const Money = ({ minor, currency, compact = false }: MoneyProps) => {
  const format = useFormats()
  const full = format.money(minor, currency)
  if (!compact) return <span className={styles.number}>{full}</span>
  return (
    <span className={styles.number} title={`${full} ${currency}`}>
      {format.money(minor, currency, { compact })}
    </span>
  )
}

interface DateTimeProps {
  at: string
  style?: 'date' | 'minute' | 'second' | 'ago'
}

/** An instant in the workspace's time zone; a relative one tells the exact time on hover. */
export const DateTime = ({ at, style = 'minute' }: DateTimeProps) => {
  const format = useFormats()
  const exact = format.instant(at, 'second')
  const text = style === 'ago' ? format.ago(at) : format.instant(at, style)
  return (
    <time dateTime={at} title={`${exact} (${format.timeZone})`} className={styles.number}>
      {text}
    </time>
  )
}

/** The place of a value that does not exist. */
export const Nothing = () => {
  const t = useT()
  return (
    <span className={styles.nothing} role="img" aria-label={t('kernel.ui.nothing')}>
      –
    </span>
  )
}

interface ChangeProps {
  /** Relative change, a fraction; null when there is nothing to compare with. */
  change: number | null
  hint?: string
}

/** A change as arrow, sign and share. No red or green: the two are reversed in Chinese finance. */
export const Change = ({ change, hint }: ChangeProps) => {
  const format = useFormats()
  const t = useT()
  if (change === null) return <span>{t('kernel.ui.noComparison')}</span>
  const direction = change > 0 ? 'up' : change < 0 ? 'down' : 'level'
  const arrow = { up: '▲', down: '▼', level: '■' }[direction]
  const sign = change > 0 ? '+' : ''
  const text = (
    <span className={styles.number}>
      <span aria-hidden="true" className={styles.arrow}>
        {arrow}
      </span>{' '}
      {sign}
      {format.share(change)}
    </span>
  )
  return hint ? <Tooltip title={hint}>{text}</Tooltip> : text
}
