import { InputNumber } from '@/kernel/ui'
import styles from '../builder.module.css'

interface NumberInputProps {
  label: string
  value: number
  onChange: (value: number) => void
  min?: number
  max?: number
  precision?: number
  prefix?: string
  suffix?: string
  width?: number
}

/** A number; an empty one is NaN, which says that it still lacks. */
export const NumberInput = ({ label, value, onChange, width = 96, ...rest }: NumberInputProps) => (
  <InputNumber<number>
    {...rest}
    className={styles.field}
    style={{ width }}
    value={Number.isFinite(value) ? value : null}
    aria-label={label}
    onChange={(next) => onChange(next ?? Number.NaN)}
  />
)
