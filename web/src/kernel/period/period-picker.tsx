import dayjs from 'dayjs'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { DatePicker, Segmented } from '@/kernel/ui'
import { chosenDays, PERIOD_DAYS, type PeriodSearch, resolvePeriod } from './period'
import styles from './period-picker.module.css'

interface PeriodPickerProps {
  value: PeriodSearch
  onChange: (search: PeriodSearch) => void
}

const ISO = 'YYYY-MM-DD'

/** Choose the days a page speaks of: the last 7, 28 or 90, or any two dates. */
export const PeriodPicker = ({ value, onChange }: PeriodPickerProps) => {
  const t = useT()
  const today = useFormats().today()
  const { from, to } = resolvePeriod(value, today)
  const days = chosenDays(value)
  const options = PERIOD_DAYS.map((each) => ({
    value: each,
    label: t('kernel.period.days', { count: each }),
  }))
  return (
    <div className={styles.picker}>
      <Segmented
        aria-label={t('kernel.period.label')}
        options={options}
        value={days ?? 0}
        onChange={(chosen) => onChange({ days: Number(chosen) })}
      />
      <DatePicker.RangePicker
        className={styles.range}
        value={[dayjs(from), dayjs(to)]}
        allowClear={false}
        maxDate={dayjs(today)}
        aria-label={t('kernel.period.custom')}
        onChange={(range) => {
          const [start, end] = range ?? []
          if (start && end) onChange({ from: start.format(ISO), to: end.format(ISO) })
        }}
      />
    </div>
  )
}
