import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, color, Panel } from '@/kernel/ui'
import { PauseIcon, ResumeIcon } from '@/kernel/ui/icons'
import styles from '../broadcasts.module.css'
import { useDeeds } from '../deeds'
import type { Broadcast, Progress } from '../types'
import { doneShare, type PartName, partsOf } from '../view'
import type { Chosen } from './people-drawer'

const FILLS: Readonly<Record<PartName, string>> = {
  sent: color.primary,
  task: '#6FA3C4',
  waiting: '#9DBFD9',
  held_out: color.uncertain,
  skipped: '#D9A35B',
  failed: color.waste,
  unclear: '#8E5A8F',
  canceled: '#B9C4CA',
  unreleased: '#EAEFF1',
}

const Acts = ({ broadcast }: { broadcast: Broadcast }) => {
  const t = useT()
  const deeds = useDeeds(broadcast)
  const { state } = broadcast
  if (state !== 'running' && state !== 'paused') return null
  return (
    <>
      {state === 'running' ? (
        <Button icon={<PauseIcon />} onClick={deeds.pause}>
          {t('operate.broadcasts.act.pause')}
        </Button>
      ) : (
        <Button type="primary" icon={<ResumeIcon />} onClick={deeds.resume}>
          {t('operate.broadcasts.act.resume')}
        </Button>
      )}
      <Button danger onClick={deeds.cancel}>
        {t('operate.broadcasts.act.cancel')}
      </Button>
    </>
  )
}

/** How far it is, in one line. */
const useNote = ({ state, phase, finished_at: end, launched_at: begin }: Broadcast): string => {
  const t = useT()
  const format = useFormats()
  if (end) return t('operate.broadcasts.report.endedAt', { at: format.instant(end) })
  const started = begin ? t('operate.broadcasts.report.startedAt', { at: format.instant(begin) }) : ''
  const now = state === 'running' && phase ? t(`operate.broadcasts.phase.${phase}`) : ''
  return [now, started].filter(Boolean).join(' · ')
}

interface ProgressPanelProps {
  broadcast: Broadcast
  progress: Progress
  onChoose?: (chosen: Chosen) => void
}

/** Where everybody is: one bar for all, and each part by name. */
export const ProgressPanel = ({ broadcast, progress, onChoose }: ProgressPanelProps) => {
  const t = useT()
  const format = useFormats()
  const canWrite = useCan('broadcasts:write')
  const note = useNote(broadcast)
  const parts = partsOf(progress)
  const share = format.share(doneShare(progress))
  return (
    <Panel
      title={t('operate.broadcasts.report.progressAt', { share })}
      note={note}
      actions={canWrite ? <Acts broadcast={broadcast} /> : null}
    >
      <div className={styles.track} aria-hidden="true">
        {parts.map(({ name, share: part }) => (
          <span key={name} style={{ width: `${part * 100}%`, background: FILLS[name] }} />
        ))}
      </div>
      <dl className={styles.legend}>
        {parts.map(({ name, people }) => {
          const label = t(`operate.broadcasts.report.part.${name}`)
          const isOpen = onChoose && name !== 'unreleased'
          return (
            <div key={name}>
              <dt>
                <span className={styles.dot} style={{ background: FILLS[name] }} aria-hidden="true" />
                {label}
              </dt>
              <dd>
                {isOpen ? (
                  <button
                    type="button"
                    className={styles.count}
                    onClick={() => onChoose({ state: name, title: label })}
                    aria-label={`${label}: ${format.count(people)}`}
                  >
                    {format.count(people)}
                  </button>
                ) : (
                  format.count(people)
                )}
              </dd>
            </div>
          )
        })}
      </dl>
    </Panel>
  )
}
