import dayjs from 'dayjs'
import { fromWall, toWall, useFormats } from '@/kernel/format'
import { DatePicker } from '@/kernel/ui'
import styles from '../builder.module.css'

interface MomentInputProps {
  label: string
  value: string | undefined
  onChange: (at: string | undefined) => void
  isOptional?: boolean
}

/** A moment, as the clocks of the workspace show it. */
export const MomentInput = ({ label, value, onChange, isOptional = false }: MomentInputProps) => {
  const { timeZone } = useFormats()
  return (
    <DatePicker
      className={styles.field}
      style={{ width: 176 }}
      showTime={{ format: 'HH:mm', defaultOpenValue: dayjs('00:00:00', 'HH:mm:ss') }}
      format="YYYY-MM-DD HH:mm"
      placeholder={label}
      aria-label={label}
      allowClear={isOptional}
      value={value ? dayjs(toWall(value, timeZone)) : null}
      onChange={(chosen) =>
        onChange(chosen ? fromWall(chosen.format('YYYY-MM-DDTHH:mm:00'), timeZone) : undefined)
      }
    />
  )
}
