import { useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Checkbox, InputNumber, Select } from '@/kernel/ui'
import { inUnits, UNITS, type Unit } from './expiry'
import styles from './tags.module.css'

const USUAL_S = 30 * UNITS.days

interface ExpiryFieldProps {
  /** Seconds; null for ever. A form hands both in. */
  value?: number | null
  onChange?: (seconds: number | null) => void
}

/** After how long a tag falls off by itself, if it does. */
export const ExpiryField = ({ value = null, onChange = () => undefined }: ExpiryFieldProps) => {
  const t = useT()
  const [unit, setUnit] = useState<Unit>(value === null ? 'days' : inUnits(value).unit)
  return (
    <span className={styles.line}>
      <Checkbox checked={value !== null} onChange={({ target }) => onChange(target.checked ? USUAL_S : null)}>
        {t('cdp.tags.form.expires')}
      </Checkbox>
      {value !== null ? (
        <>
          <InputNumber<number>
            className={styles.amount}
            min={1}
            max={10_000}
            precision={0}
            value={value / UNITS[unit]}
            aria-label={t('cdp.tags.form.expiresAmount')}
            onChange={(amount) => onChange((amount ?? 1) * UNITS[unit])}
          />
          <Select<Unit>
            className={styles.unit}
            value={unit}
            aria-label={t('cdp.tags.form.expiresUnit')}
            options={(['hours', 'days', 'weeks'] as const).map((each) => ({
              value: each,
              label: t(`cdp.tags.unit.${each}`),
            }))}
            onChange={(next) => {
              onChange((value / UNITS[unit]) * UNITS[next])
              setUnit(next)
            }}
          />
        </>
      ) : null}
    </span>
  )
}
