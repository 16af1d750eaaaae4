import { useT } from '@/kernel/i18n'
import { Button, InputNumber, Panel } from '@/kernel/ui'
import type { Cap } from './queries'
import styles from './reach.module.css'

const DAY_S = 86_400

interface CapsEditorProps {
  caps: Cap[]
  canWrite: boolean
  onChange: (caps: Cap[]) => void
}

/** How many marketing messages one person may get, in several windows. */
export const CapsEditor = ({ caps, canWrite, onChange }: CapsEditorProps) => {
  const t = useT()
  const change = (place: number, part: Partial<Cap>) =>
    onChange(caps.map((cap, at) => (at === place ? { ...cap, ...part } : cap)))
  const add = () =>
    onChange([...caps, { name: `cap ${Date.now()}`, most: 5, window_s: 7 * DAY_S, channels: [], kept: 0 }])
  return (
    <Panel title={t('operate.reach.rules.caps')} note={t('operate.reach.rules.capsNote')}>
      {caps.map((cap, place) => (
        <div key={cap.name} className={styles.row}>
          <span className={styles.field}>
            {t('operate.reach.rules.cap.most')}
            <InputNumber
              aria-label={t('operate.reach.rules.cap.most')}
              min={0}
              max={1_000}
              value={cap.most}
              disabled={!canWrite}
              onChange={(most) => change(place, { most: most ?? 0 })}
            />
          </span>
          <span className={styles.field}>
            {t('operate.reach.rules.cap.days')}
            <InputNumber
              aria-label={t('operate.reach.rules.cap.days')}
              min={1}
              max={366}
              value={cap.window_s / DAY_S}
              disabled={!canWrite}
              onChange={(days) => change(place, { window_s: Math.round((days ?? 1) * DAY_S) })}
            />
          </span>
          <span className={styles.field}>
            {t('operate.reach.rules.cap.kept')}
            <InputNumber
              aria-label={t('operate.reach.rules.cap.kept')}
              min={0}
              max={cap.most}
              value={cap.kept}
              disabled={!canWrite}
              onChange={(kept) => change(place, { kept: kept ?? 0 })}
            />
          </span>
          <span className={styles.hint}>
            {cap.channels?.length ? cap.channels.join(', ') : t('operate.reach.rules.cap.all')}
          </span>
          {canWrite ? (
            <Button onClick={() => onChange(caps.filter((_, at) => at !== place))}>
              {t('operate.reach.rules.cap.remove')}
            </Button>
          ) : null}
        </div>
      ))}
      {canWrite ? <Button onClick={add}>{t('operate.reach.rules.cap.add')}</Button> : null}
    </Panel>
  )
}
