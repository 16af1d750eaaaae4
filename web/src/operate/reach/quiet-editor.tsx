import { useT } from '@/kernel/i18n'
import { Checkbox, Input, InputNumber, Panel } from '@/kernel/ui'
import type { Rules } from './queries'
import styles from './reach.module.css'

interface EditorProps {
  rules: Rules
  canWrite: boolean
  onChange: (rules: Rules) => void
}

const NIGHT = { begins: 22 * 60, ends: 8 * 60, channels: [] }

const clock = (minutes: number) =>
  `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

const minutesOf = (text: string) => {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return hours * 60 + minutes
}

/** The hours in which nobody is disturbed. */
export const QuietEditor = ({ rules, canWrite, onChange }: EditorProps) => {
  const t = useT()
  const [first, ...others] = rules.quiet ?? []
  const change = (part: Partial<typeof NIGHT>) =>
    onChange({ ...rules, quiet: [{ ...NIGHT, ...first, ...part }, ...others] })
  return (
    <Panel title={t('operate.reach.rules.quiet')} note={t('operate.reach.rules.quietNote')}>
      <Checkbox
        checked={Boolean(first)}
        disabled={!canWrite}
        onChange={({ target }) => onChange({ ...rules, quiet: target.checked ? [NIGHT] : [] })}
      >
        {t('operate.reach.rules.quietOn')}
      </Checkbox>
      {first ? (
        <div className={styles.row}>
          <span className={styles.field}>
            {t('operate.reach.rules.from')}
            <Input
              aria-label={t('operate.reach.rules.from')}
              type="time"
              value={clock(first.begins)}
              disabled={!canWrite}
              onChange={({ target }) => change({ begins: minutesOf(target.value) })}
            />
          </span>
          <span className={styles.field}>
            {t('operate.reach.rules.to')}
            <Input
              aria-label={t('operate.reach.rules.to')}
              type="time"
              value={clock(first.ends)}
              disabled={!canWrite}
              onChange={({ target }) => change({ ends: minutesOf(target.value) })}
            />
          </span>
        </div>
      ) : null}
    </Panel>
  )
}

/** The shares of people kept from marketing. */
export const HoldoutsEditor = ({ rules, canWrite, onChange }: EditorProps) => {
  const t = useT()
  const shares = rules.holdouts ?? { universal: 0.05, channel: 0.1, channels: {} }
  const field = (name: 'universal' | 'channel', label: string) => (
    <span className={styles.field}>
      {label}
      <InputNumber
        aria-label={label}
        min={0}
        max={90}
        step={1}
        value={Math.round(shares[name] * 1_000) / 10}
        disabled={!canWrite}
        onChange={(percent) => onChange({ ...rules, holdouts: { ...shares, [name]: (percent ?? 0) / 100 } })}
      />
    </span>
  )
  return (
    <Panel title={t('operate.reach.rules.holdouts')} note={t('operate.reach.rules.holdoutsNote')}>
      <div className={styles.row}>
        {field('universal', t('operate.reach.rules.universal'))}
        {field('channel', t('operate.reach.rules.perChannel'))}
      </div>
    </Panel>
  )
}
