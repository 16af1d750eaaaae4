import dayjs from 'dayjs'
import type { Period } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { DatePicker, Segmented } from '@/kernel/ui'
import { chosenDays, GLANCE, type PeriodChoice, type PeriodSearch, resolvePeriod, WHOLE } from './period'
import styles from './period-picker.module.css'

interface PeriodPickerProps {
  value: PeriodSearch
  onChange: (search: PeriodSearch) => void
  /** The lengths to offer; must be those that the period was read with. */
  choice?: PeriodChoice
  /** Where the whole time can be chosen: what it is called, and its days once they are known. */
  whole?: { label: string; period: Period | undefined }
}

const ISO = 'YYYY-MM-DD'

/** Choose the days a page speaks of: so many up to today, or any two dates. */
export const PeriodPicker = ({ value, onChange, choice = GLANCE, whole }: PeriodPickerProps) => {
  const t = useT()
  const today = useFormats().today()
  const days = chosenDays(value, choice)
  const shown = days === WHOLE ? whole?.period : resolvePeriod(value, today, choice)
  const options = choice.days.map((each) => ({
    value: each,
    label: each === WHOLE ? whole?.label : t('kernel.period.days', { count: each }),
  }))
  return (
    <div className={styles.picker}>
      <Segmented
        aria-label={t('kernel.period.label')}
        options={options}
        value={days ?? -1}
        onChange={(chosen) => onChange({ days: Number(chosen) })}
      />
      <DatePicker.RangePicker
        className={styles.range}
        value={shown ? [dayjs(shown.from), dayjs(shown.to)] : null}
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
