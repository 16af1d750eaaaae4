import { useActorName, useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, Panel, ShareBar } from '@/kernel/ui'
import styles from '../broadcasts.module.css'
import { useDeeds } from '../deeds'
import type { Broadcast, Race } from '../types'

/** How it stands with the test, in a sentence. */
const useStanding = (race: Race): string => {
  const t = useT()
  const format = useFormats()
  const actorName = useActorName()
  const { state, winner, decided_by: by, actor, ends_at: end } = race
  if (state === 'testing') return t('operate.broadcasts.winner.testing', { at: format.instant(end) })
  if (state === 'waiting' || !winner) return t('operate.broadcasts.winner.waiting')
  const how = by ? t(`operate.broadcasts.winner.by.${by}`, { who: actorName(actor ?? '') }) : ''
  return [t('operate.broadcasts.winner.decided', { variant: winner }), how].filter(Boolean).join(' ')
}

interface WinnerPanelProps {
  broadcast: Broadcast
  race: Race
}

/** The variants against each other, with intervals that hold whenever one looks. */
export const WinnerPanel = ({ broadcast, race }: WinnerPanelProps) => {
  const t = useT()
  const format = useFormats()
  const canWrite = useCan('broadcasts:write')
  const { decide } = useDeeds(broadcast)
  const standing = useStanding(race)
  const isOpen = race.state !== 'decided' && ['running', 'paused'].includes(broadcast.state)
  const most = Math.max(0.0001, ...race.variants.map(({ high }) => high))
  return (
    <Panel title={t('operate.broadcasts.winner.title')} note={t('operate.broadcasts.winner.note')}>
      <p className={styles.sentence} role="status">
        {standing}
      </p>
      <ul className={styles.arms}>
        {race.variants.map(({ variant, people, successes, rate, low, high }) => (
          <li key={variant}>
            <span>
              {t('operate.broadcasts.report.variantName', { key: variant })}
              {race.winner === variant ? (
                <strong className={styles.won}> ✓ {t('operate.broadcasts.report.winner')}</strong>
              ) : null}
            </span>
            <ShareBar share={rate / most} figuresWidth={150}>
              {t('operate.broadcasts.winner.rate', {
                rate: format.share(rate),
                successes: format.count(successes),
                people: format.count(people),
              })}
            </ShareBar>
            <span className={styles.hint}>
              {t('operate.broadcasts.winner.interval', { low: format.share(low), high: format.share(high) })}
            </span>
            {isOpen && canWrite ? (
              <Button size="small" onClick={() => decide(variant)}>
                {t('operate.broadcasts.ask.decide')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
