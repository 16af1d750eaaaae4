import type { ReactNode } from 'react'
import type { Person } from '@/kernel/api'
import { useT, useWord } from '@/kernel/i18n'
import { DateTime, Nothing, Panel } from '@/kernel/ui'
import { Facts } from './facts'
import { LayersPanel } from './layers-panel'
import styles from './portrait.module.css'
import { Scores } from './scores'
import { StageTrack } from './stage-track'
import { TagsPanel } from './tags-panel'
import { TraitsPanel } from './traits-panel'

const MOST_CLICKS = 5

const Consents = ({ person }: { person: Person }) => {
  const t = useT()
  const word = useWord()
  if (person.consents.length === 0) return <p className={styles.none}>{t('cdp.people.consent.none')}</p>
  return (
    <ul className={styles.consents}>
      {person.consents.map((consent) => (
        <li key={`${consent.channel} ${consent.purpose}`} className={styles.consent}>
          <span>
            {word('kernel.channel', consent.channel)}
            <span className={styles.purpose}>{word('cdp.people.purpose', consent.purpose)}</span>
          </span>
          <span className={consent.granted ? styles.granted : styles.withdrawn}>
            {consent.granted
              ? `✓ ${t('cdp.people.consent.granted')}`
              : `✕ ${t('cdp.people.consent.withdrawn')}`}
          </span>
          <span className={styles.when}>
            <DateTime at={consent.at} style="date" />
          </span>
        </li>
      ))}
    </ul>
  )
}

interface PortraitProps {
  person: Person
  segments?: ReactNode
  /** In the place of the plain state of consent: its whole history. */
  consents?: ReactNode
}

/** Who somebody is: how far they came, tags, traits, consent, identifiers. */
export const Portrait = ({ person, segments, consents }: PortraitProps) => {
  const t = useT()
  const word = useWord()
  return (
    <div className={styles.portrait}>
      <Panel title={t('cdp.people.portrait.journey')}>
        <StageTrack stages={person.stages} />
      </Panel>
      <TagsPanel personId={person.id} />
      <LayersPanel personId={person.id} />
      <Scores person={person} />
      {segments}
      <TraitsPanel personId={person.id} />
      {consents ?? (
        <Panel title={t('cdp.people.portrait.consents')}>
          <Consents person={person} />
        </Panel>
      )}
      <Panel title={t('cdp.people.portrait.identifiers')}>
        <Facts
          empty={<Nothing />}
          facts={person.identifiers.map(({ kind, value, first_seen_at: at }) => ({
            name: word('cdp.people.kind', kind),
            value,
            at,
          }))}
        />
      </Panel>
      {person.clicks.length > 0 ? (
        <Panel title={t('cdp.people.portrait.clicks')}>
          <Facts
            empty={<Nothing />}
            most={MOST_CLICKS}
            facts={person.clicks.map(({ kind, value, at }) => ({ name: kind, value, at }))}
          />
        </Panel>
      ) : null}
    </div>
  )
}
