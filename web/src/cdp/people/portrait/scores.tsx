import { Fragment } from 'react'
import type { Person } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { DateTime, Panel } from '@/kernel/ui'
import styles from './portrait.module.css'
import { SCORES, scoreText } from './score-text'

/** What the measurement expects of a buyer, and when that was worked out. */
export const Scores = ({ person }: { person: Person }) => {
  const t = useT()
  const format = useFormats()
  const scores = SCORES.flatMap((name) => {
    const trait = person.traits[name]
    return trait?.source === 'measure' ? [{ name, ...trait }] : []
  })
  const [first] = scores
  if (!first) return null
  const isOverdue = (value: unknown) => typeof value === 'string' && value < format.today()
  return (
    <Panel
      title={t('cdp.people.scores.title')}
      note={
        <>
          {t('cdp.people.scores.source')} · {first.at ? <DateTime at={first.at} /> : null}
        </>
      }
    >
      <dl className={styles.facts}>
        {scores.map(({ name, value }) => (
          <Fragment key={name}>
            <dt title={name}>{t(`cdp.people.scores.${name}`)}</dt>
            <dd className={styles.score}>
              {scoreText(name, value, person.currency, format)}
              {name === 'next_purchase_due' && isOverdue(value) ? (
                <span className={styles.purpose}>{t('cdp.people.scores.overdue')}</span>
              ) : null}
            </dd>
          </Fragment>
        ))}
      </dl>
    </Panel>
  )
}
