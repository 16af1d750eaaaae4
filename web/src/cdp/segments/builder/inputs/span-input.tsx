import { useT } from '@/kernel/i18n'
import { Select } from '@/kernel/ui'
import { type Span, UNITS, type Unit } from '../../rule/types'
import styles from '../builder.module.css'
import { NumberInput } from './number-input'

interface SpanInputProps {
  label: string
  value: Span
  onChange: (span: Span) => void
}

/** A length of time: how many of which unit. */
export const SpanInput = ({ label, value, onChange }: SpanInputProps) => {
  const t = useT()
  return (
    <span className={styles.pair}>
      <NumberInput
        label={label}
        value={value.amount}
        min={1}
        max={100_000}
        precision={0}
        width={76}
        onChange={(amount) => onChange({ ...value, amount })}
      />
      <Select<Unit>
        className={styles.field}
        style={{ width: 104 }}
        value={value.unit}
        aria-label={t('cdp.segments.build.unitOf', { name: label })}
        options={UNITS.map((unit) => ({ value: unit, label: t(`cdp.segments.build.unit.${unit}`) }))}
        onChange={(unit) => onChange({ ...value, unit })}
      />
    </span>
  )
}
