import dayjs from 'dayjs'
import { fromWall, toWall, useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { DatePicker, InputNumber, Panel, Radio, Select } from '@/kernel/ui'
import styles from '../broadcasts.module.css'
import { KINDS, type Schedule } from '../types'
import { withKind } from '../view'
import { Field } from './field'
import { Option } from './option'
import type { PartProps } from './use-draft'

const DEFAULT_PACE = 600
const HOURS = Array.from({ length: 25 }, (_, hour) => hour)

interface ScheduleProps {
  schedule: Schedule
  onChange: (schedule: Schedule) => void
}

const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`

/** A wall time as it travels: without a zone for each person's own clock, else an instant. */
const Moment = ({ schedule, onChange }: ScheduleProps) => {
  const t = useT()
  const { timeZone } = useFormats()
  const isLocal = schedule.kind === 'local'
  const wall = schedule.at ? (isLocal ? schedule.at : toWall(schedule.at, timeZone)) : null
  return (
    <Field label={t(isLocal ? 'operate.broadcasts.edit.localAt' : 'operate.broadcasts.edit.at')}>
      <DatePicker
        showTime={{ format: 'HH:mm', minuteStep: 5, defaultOpenValue: dayjs('10:00', 'HH:mm') }}
        format="YYYY-MM-DD HH:mm"
        allowClear={false}
        value={wall ? dayjs(wall) : null}
        onChange={(chosen) => {
          if (!chosen) return
          const shown = chosen.format('YYYY-MM-DDTHH:mm:00')
          onChange({ ...schedule, at: isLocal ? shown : fromWall(shown, timeZone) })
        }}
      />
    </Field>
  )
}

const BestHour = ({ schedule, onChange }: ScheduleProps) => {
  const t = useT()
  const hour = (name: 'from_hour' | 'to_hour', allowed: (hour: number) => boolean) => (
    <Select
      value={schedule[name]}
      options={HOURS.filter(allowed).map((value) => ({ value, label: clock(value) }))}
      onChange={(value) => onChange({ ...schedule, [name]: value })}
    />
  )
  return (
    <div className={styles.triple}>
      <Field label={t('operate.broadcasts.edit.day')}>
        <DatePicker
          allowClear={false}
          value={schedule.day ? dayjs(schedule.day) : null}
          onChange={(chosen) => chosen && onChange({ ...schedule, day: chosen.format('YYYY-MM-DD') })}
        />
      </Field>
      <Field label={t('operate.broadcasts.edit.fromHour')}>
        {hour('from_hour', (each) => each < (schedule.to_hour ?? 24))}
      </Field>
      <Field label={t('operate.broadcasts.edit.toHour')}>
        {hour('to_hour', (each) => each > (schedule.from_hour ?? 0))}
      </Field>
    </div>
  )
}

/** When it goes out, and how fast. */
export const TimePanel = ({ draft: { schedule, per_minute: pace }, put }: PartProps) => {
  const t = useT()
  const { timeZone } = useFormats()
  const kind = schedule.kind ?? 'now'
  const set = (next: Schedule) => put({ schedule: next })
  return (
    <Panel title={t('operate.broadcasts.edit.when')}>
      <div className={styles.fields}>
        <div className={styles.field}>
          <Radio.Group
            value={kind}
            aria-label={t('operate.broadcasts.edit.when')}
            options={KINDS.map((value) => ({
              value,
              label: t(`operate.broadcasts.edit.whenKinds.${value}`),
            }))}
            onChange={({ target }) => set(withKind(schedule, target.value))}
          />
          <span className={styles.hint}>
            {t(`operate.broadcasts.edit.whenHints.${kind}`, { zone: timeZone })}
          </span>
        </div>
        {kind === 'at' || kind === 'local' ? (
          <div className={styles.pair}>
            <Moment key={kind} schedule={schedule} onChange={set} />
          </div>
        ) : null}
        {kind === 'best_hour' ? <BestHour schedule={schedule} onChange={set} /> : null}
        <Option
          title={t('operate.broadcasts.edit.throttle')}
          hint={t('operate.broadcasts.edit.throttleHint')}
          isOn={pace !== null}
          onChange={(isOn) => put({ per_minute: isOn ? DEFAULT_PACE : null })}
        >
          <div className={styles.pair}>
            <Field label={t('operate.broadcasts.edit.perMinute')}>
              <InputNumber
                min={1}
                max={1_000_000}
                precision={0}
                changeOnWheel={false}
                value={pace}
                onChange={(value) => value && put({ per_minute: value })}
              />
            </Field>
          </div>
        </Option>
      </div>
    </Panel>
  )
}
