import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Loaded, Panel } from '@/kernel/ui'
import { useActualText } from './page/explanation'
import { personSegmentsQuery } from './queries'
import type { Condition } from './rule/types'
import styles from './segments.module.css'
import { sayCondition } from './sentence/sentence'
import { useWords } from './use-words'
import type { PersonSegment } from './view'

const Belongs = ({ segment }: { segment: PersonSegment }) => {
  const t = useT()
  const format = useFormats()
  const words = useWords()
  const actualText = useActualText()
  const { segment_id: id, name, since, reasons } = segment
  return (
    <li className={styles.belongs}>
      <p>
        <Link to="/segments/$segmentId" params={{ segmentId: String(id) }}>
          {name}
        </Link>
        {since ? (
          <span className={styles.beside}>{t('cdp.segments.since', { at: format.ago(since) })}</span>
        ) : null}
      </p>
      <ul className={styles.reasons}>
        {reasons.map(({ path, actual, ...reason }) => {
          const condition = reason.condition as unknown as Condition
          const told = actualText(condition, actual)
          return (
            <li key={path} className={styles.reason}>
              {sayCondition(words, condition)}
              {told === null ? null : (
                <span className={styles.actual}>{t('cdp.segments.why.actual', { actual: told })}</span>
              )}
            </li>
          )
        })}
      </ul>
    </li>
  )
}

/** The segments that somebody is in, each with what put them there. */
export const PersonSegments = ({ personId }: { personId: number }) => {
  const t = useT()
  const query = useQuery(personSegmentsQuery(personId))
  return (
    <Panel title={t('cdp.segments.title')}>
      <Loaded query={query} height={80}>
        {({ items, lists }) => (
          <>
            {items.length === 0 ? <p className={styles.none}>{t('cdp.segments.inNone')}</p> : null}
            <ul className={styles.reasons}>
              {items.map((segment) => (
                <Belongs key={segment.segment_id} segment={segment} />
              ))}
            </ul>
            {lists.length > 0 ? (
              <p className={styles.description}>
                {t('cdp.segments.onLists', {
                  names: lists.map(({ name }) => name).join(t('cdp.segments.say.listSeparator')),
                })}
              </p>
            ) : null}
          </>
        )}
      </Loaded>
    </Panel>
  )
}
