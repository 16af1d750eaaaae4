import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { ErrorState, Loading, Panel } from '@/kernel/ui'
import styles from '../segments.module.css'
import type { Preview } from '../view'
import { Bars } from './bars'
import { PreviewTrendPart } from './preview-trend'
import type { usePreview } from './use-preview'

const MOST_OVERLAPS = 5

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <>
    <h3 className={styles.subtitle}>{title}</h3>
    {children}
  </>
)

const Found = ({ preview, isOld, isWhole }: { preview: Preview; isOld: boolean; isWhole: boolean }) => {
  const t = useT()
  const word = useWord()
  const format = useFormats()
  const { everybody, sample, reachable, overlap, is_guess: isGuess } = preview
  const people = isGuess ? aboutOf(preview) : preview.people
  const reached = reachable.filter((each) => each.people > 0).sort((one, other) => other.people - one.people)
  const share = everybody > 0 ? format.share(people / everybody) : null
  return (
    <>
      <p role="status" aria-live="polite">
        <span className={styles.count} data-old={isOld} data-count={people}>
          {t(isGuess ? 'cdp.segments.about' : 'cdp.segments.people', {
            count: people,
            shown: format.count(people),
          })}
        </span>{' '}
        <span className={styles.beside}>
          {isWhole && isGuess && !isOld
            ? t('cdp.segments.preview.between', {
                low: format.count(preview.low),
                high: format.count(preview.high),
              })
            : null}
          {isWhole && isOld ? t('cdp.segments.preview.counting') : null}
          {isWhole && !isOld && !isGuess && share
            ? t('cdp.segments.preview.share', { share, everybody: format.count(everybody) })
            : null}
        </span>
      </p>
      {reached.length > 0 ? (
        <Part title={t('cdp.segments.preview.reachable')}>
          <Bars
            most={people}
            bars={reached.map((each) => ({
              key: each.channel,
              label:
                each.channel === 'any'
                  ? t('cdp.segments.build.anyChannel')
                  : word('kernel.channel', each.channel),
              value: each.people,
            }))}
          />
        </Part>
      ) : null}
      {overlap.length > 0 && people > 0 ? (
        <Part title={t('cdp.segments.preview.overlap')}>
          <Bars
            most={people}
            bars={overlap.slice(0, MOST_OVERLAPS).map((each) => ({
              key: String(each.segment_id),
              label: each.name,
              value: each.both,
            }))}
          />
        </Part>
      ) : null}
      {sample.length > 0 ? (
        <Part title={t('cdp.segments.preview.sample')}>
          <ul className={styles.plain}>
            {sample.map((person) => (
              <li key={person.id}>
                <Link to="/people/$personId" params={{ personId: String(person.id) }} target="_blank">
                  {person.name?.trim() ||
                    person.identifiers[0]?.value ||
                    t('cdp.segments.unnamed', { id: String(person.id) })}
                </Link>
                <span className={styles.beside}>{format.ago(person.last_seen_at)}</span>
              </li>
            ))}
          </ul>
        </Part>
      ) : null}
    </>
  )
}

/** A guess in no more digits than it can vouch for. */
const aboutOf = ({ people, low, high }: Preview): number => {
  const unit = 10 ** Math.floor(Math.log10(Math.max(1, (high - low) / 2)))
  return Math.round(people / unit) * unit
}

interface PreviewPanelProps {
  preview: ReturnType<typeof usePreview>
  isWhole: boolean
}

/** Who would be in, while the rule is written. */
export const PreviewPanel = ({ preview, isWhole }: PreviewPanelProps) => {
  const t = useT()
  const { query, isOld, rule, segmentId } = preview
  const { data, error } = query
  return (
    <Panel title={t('cdp.segments.preview.title')} note={t('cdp.segments.preview.note')}>
      {error ? <ErrorState error={error} onRetry={() => void query.refetch()} /> : null}
      {!isWhole ? <p className={styles.none}>{t('cdp.segments.preview.unfinished')}</p> : null}
      {data && !error ? <Found preview={data} isOld={isOld} isWhole={isWhole} /> : null}
      {data && !error && isWhole && !isOld ? <PreviewTrendPart rule={rule} segmentId={segmentId} /> : null}
      {!data && !error && isWhole ? <Loading rows={5} /> : null}
    </Panel>
  )
}
