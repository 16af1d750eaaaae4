import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Interval } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { EmptyState, Loaded, Panel, Select } from '@/kernel/ui'
import styles from '../broadcasts.module.css'
import { liftQuery } from '../queries'
import type { Broadcast, Lift } from '../types'

const DAYS = [1, 3, 7, 14, 28] as const
const USUAL_DAYS = 7
const HUNDRED = 100
const MARKS = { helps: '▲', harms: '▼', unproven: '○', unknown: '○' }
const TONES = { helps: 'going', harms: 'bad', unproven: 'open', unknown: 'open' }

/** The effect in a sentence: of a hundred people, how many did what they would not have done. */
const useSentence = ({ state, lift }: Lift): string => {
  const t = useT()
  const format = useFormats()
  if (!lift || state === 'unknown') return t('operate.broadcasts.lift.early')
  const of = (share: number) => format.decimal(share * HUNDRED, 1)
  const { absolute, low, high } = lift
  const values =
    state === 'harms'
      ? { estimate: of(-absolute), low: of(-high), high: of(-low) }
      : { estimate: of(absolute), low: of(low), high: of(high) }
  return t(`operate.broadcasts.lift.sentence.${state}`, values)
}

const useFacts = ({ treated, held_out: held, lift, value, currency }: Lift): [string, string][] => {
  const t = useT()
  const format = useFormats()
  const arm = ({ people, converted }: Lift['treated']) =>
    t('operate.broadcasts.lift.converted', {
      shown: format.count(converted),
      people: format.count(people),
      share: people > 0 ? format.share(converted / people) : '–',
    })
  const facts: [string, string][] = [
    [t('operate.broadcasts.lift.treated'), arm(treated)],
    [t('operate.broadcasts.lift.heldOut'), arm(held)],
  ]
  if (lift && lift.relative !== null && lift.relative_low !== null && lift.relative_high !== null) {
    facts.push([
      t('operate.broadcasts.lift.relative'),
      t('operate.broadcasts.lift.range', {
        estimate: format.share(lift.relative),
        low: format.share(lift.relative_low),
        high: format.share(lift.relative_high),
      }),
    ])
  }
  if (value) {
    facts.push([
      t('operate.broadcasts.lift.value'),
      t('operate.broadcasts.lift.range', {
        estimate: format.money(value.estimate, currency),
        low: format.money(value.low, currency),
        high: format.money(value.high, currency),
      }),
    ])
  }
  return facts
}

const Finding = ({ found }: { found: Lift }) => {
  const t = useT()
  const format = useFormats()
  const sentence = useSentence(found)
  const facts = useFacts(found)
  const { state, lift, sample_ratio: lots, cautions } = found
  return (
    <>
      <p className={styles.sentence}>
        <span className={styles.chip} data-tone={TONES[state]}>
          <span aria-hidden="true">{MARKS[state]}</span>
          {t(`operate.broadcasts.lift.state.${state}`)}
        </span>{' '}
        {sentence}
      </p>
      {lift ? (
        <Interval
          state={state}
          estimate={lift.absolute}
          lower={lift.low}
          upper={lift.high}
          label={sentence}
        />
      ) : null}
      {cautions
        .flatMap((caution) => (caution === 'arms_unequal' ? [] : [caution]))
        .map((caution) => (
          <p key={caution} className={styles.caution}>
            {t(`operate.broadcasts.lift.caution.${caution}`)}
          </p>
        ))}
      {lots && !lots.ok ? <p className={styles.caution}>{t('operate.broadcasts.lift.unbalanced')}</p> : null}
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {lift ? (
        <p className={styles.hint}>
          {t('operate.broadcasts.lift.confidence', { share: format.share(lift.confidence) })}{' '}
          {t('operate.broadcasts.lift.chance', { p: format.share(lift.p_value) })}
        </p>
      ) : null}
    </>
  )
}

/** What a broadcast has caused: those who were to get it against those who were held back by lot. */
export const LiftPanel = ({ broadcast }: { broadcast: Broadcast }) => {
  const t = useT()
  const [days, setDays] = useState<number>(USUAL_DAYS)
  const query = useQuery({ ...liftQuery(broadcast.broadcast_id, days) })
  const picker = (
    <Select
      value={days}
      onChange={setDays}
      className={styles.days}
      aria-label={t('operate.broadcasts.lift.days')}
      options={DAYS.map((count) => ({
        value: count,
        label: t('operate.broadcasts.lift.dayCount', { count }),
      }))}
    />
  )
  return (
    <Panel
      title={t('operate.broadcasts.lift.title')}
      note={t('operate.broadcasts.lift.note')}
      actions={picker}
    >
      <Loaded query={query} height={180}>
        {(found) =>
          found.held_out.people === 0 ? (
            <EmptyState title={t('operate.broadcasts.lift.none')}>
              {t('operate.broadcasts.lift.noneHint')}
            </EmptyState>
          ) : (
            <Finding found={found} />
          )
        }
      </Loaded>
    </Panel>
  )
}
