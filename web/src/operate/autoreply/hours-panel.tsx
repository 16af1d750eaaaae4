import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, Input, Loaded, Panel, Refusal, useNotice } from '@/kernel/ui'
import { CloseIcon, PlusIcon } from '@/kernel/ui/icons'
import styles from './autoreply.module.css'
import { hoursQuery, refreshReplies, saveHours } from './queries'
import type { Hours } from './types'

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const
const LAST = 1440

/** Minutes since midnight as a clock shows them, and back. */
export const clockOf = (minutes: number) =>
  minutes >= LAST
    ? '24:00'
    : `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

export const minutesOf = (clock: string): number | null => {
  const [, hours = '', minutes = ''] = /^(\d{1,2}):(\d{2})$/.exec(clock) ?? []
  const total = Number(hours) * 60 + Number(minutes)
  return hours === '' || Number(minutes) > 59 || total > LAST ? null : total
}

type Weekly = Hours['weekly'][number]

const TimeBox = ({
  minutes,
  label,
  onChange,
}: {
  minutes: number
  label: string
  onChange: (m: number) => void
}) => {
  const [typed, setTyped] = useState<string | null>(null)
  const settle = () => {
    const read = typed === null ? null : minutesOf(typed)
    if (read !== null) onChange(read)
    setTyped(null)
  }
  return (
    <Input
      className={styles.time}
      aria-label={label}
      value={typed ?? clockOf(minutes)}
      onChange={({ target }) => setTyped(target.value)}
      onBlur={settle}
    />
  )
}

const Week = ({ hours }: { hours: Hours }) => {
  const t = useT()
  const notice = useNotice()
  const { locale } = useFormats()
  const canWrite = useCan('replies:write')
  const [weekly, setWeekly] = useState<Weekly[]>(hours.weekly)
  const saving = useMutation({
    mutationFn: () => saveHours({ weekly, special: hours.special }),
    onSuccess: async () => {
      await refreshReplies()
      notice.success(t('operate.autoreply.hours.saved'))
    },
  })
  // The first of January 2024 was a Monday.
  const dayName = (day: number) =>
    new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, 0, day))
  const put = (at: Weekly, changes: Partial<Weekly>) =>
    setWeekly(weekly.map((each) => (each === at ? { ...each, ...changes } : each)))
  const state = weekly.length === 0 ? 'noneSet' : hours.is_open ? 'openNow' : 'closedNow'
  return (
    <Panel
      title={t('operate.autoreply.tab.hours')}
      note={t('operate.autoreply.hours.note', { zone: hours.time_zone })}
      actions={<span className={styles.kind}>{t(`operate.autoreply.hours.${state}`)}</span>}
    >
      {DAYS.map((day) => (
        <div key={day} className={styles.day}>
          <strong>{dayName(day)}</strong>
          <div className={styles.spans}>
            {weekly
              .filter((each) => each.day === day)
              .map((each) => (
                <span key={each.opens} className={styles.spans}>
                  <TimeBox
                    minutes={each.opens}
                    label={t('operate.autoreply.hours.opens')}
                    onChange={(opens) => put(each, { opens })}
                  />
                  –
                  <TimeBox
                    minutes={each.closes}
                    label={t('operate.autoreply.hours.closes')}
                    onChange={(closes) => put(each, { closes })}
                  />
                  <Button
                    type="text"
                    icon={<CloseIcon />}
                    aria-label={t('operate.autoreply.hours.drop')}
                    onClick={() => setWeekly(weekly.filter((other) => other !== each))}
                  />
                </span>
              ))}
            <Button
              type="text"
              size="small"
              icon={<PlusIcon />}
              aria-label={t('operate.autoreply.hours.add', { day: dayName(day) })}
              onClick={() => setWeekly([...weekly, { day, opens: 540, closes: 1080 }])}
            />
          </div>
        </div>
      ))}
      <Refusal error={saving.error} />
      {canWrite ? (
        <div className={styles.footer}>
          <Button type="primary" loading={saving.isPending} onClick={() => saving.mutate()}>
            {t('operate.autoreply.save')}
          </Button>
        </div>
      ) : null}
    </Panel>
  )
}

/** When people of the brand answer themselves. */
export const HoursPanel = () => {
  const query = useQuery(hoursQuery)
  return (
    <Loaded query={query} height={360}>
      {(hours) => <Week hours={hours} />}
    </Loaded>
  )
}
