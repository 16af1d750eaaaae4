import { useQuery } from '@tanstack/react-query'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { ErrorState, Loading, Panel, ShareBar } from '@/kernel/ui'
import styles from '../broadcasts.module.css'
import { checkQuery } from '../queries'
import type { Check, Issue } from '../types'
import { lastAtOf, reachedOf } from '../view'
import { useIssueText } from '../words'

const MARKS = { error: '✕', warning: '!', hint: 'i' } as const

const IssueLine = ({ issue }: { issue: Issue }) => {
  const t = useT()
  const { message, remedy } = useIssueText()(issue)
  return (
    <li className={styles.issue} data-severity={issue.severity}>
      <p>
        <span role="img" aria-label={t(`operate.broadcasts.check.severity.${issue.severity}`)}>
          {MARKS[issue.severity]}
        </span>{' '}
        {message}
      </p>
      {remedy ? <p className={styles.hint}>{remedy}</p> : null}
    </li>
  )
}

const ORDER = ['error', 'warning', 'hint']

export const Issues = ({ issues }: { issues: Issue[] }) => {
  const t = useT()
  if (issues.length === 0) return <p className={styles.last}>✓ {t('operate.broadcasts.check.fine')}</p>
  const sorted = [...issues].sort((one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity))
  return (
    <ul className={styles.issues}>
      {sorted.map((issue) => (
        <IssueLine key={`${issue.field} ${issue.code}`} issue={issue} />
      ))}
    </ul>
  )
}

/** How many get it, by which way, and why the others do not. */
export const Forecast = ({ audience, isOld }: { audience: Check['audience']; isOld: boolean }) => {
  const t = useT()
  const word = useWord()
  const format = useFormats()
  const { people, held_out: held, by_route: ways, unreachable, is_estimate: isGuess } = audience
  const reached = reachedOf(audience)
  const lastAt = lastAtOf(audience, new Date())
  const reasons = new Map<string, number>()
  for (const { why_not: whyNot } of ways.slice(-1)) {
    for (const [rule, count] of Object.entries(whyNot)) reasons.set(rule, (reasons.get(rule) ?? 0) + count)
  }
  const bar = (key: string, label: string, count: number, fill?: string) => (
    <li key={key}>
      <span>{label}</span>
      <ShareBar share={people > 0 ? count / people : 0} fill={fill} figuresWidth={52}>
        {format.count(count)}
      </ShareBar>
    </li>
  )
  return (
    <div className={isOld ? styles.old : undefined}>
      <p className={styles.big} role="status">
        {t(isGuess ? 'operate.broadcasts.check.about' : 'operate.broadcasts.check.reaches', {
          count: reached,
          shown: format.count(reached),
        })}
      </p>
      <span className={styles.hint}>{t('operate.broadcasts.check.of', { shown: format.count(people) })}</span>
      <ul className={styles.bars} aria-label={t('operate.broadcasts.check.byRoute')}>
        {ways.map((way, place) =>
          bar(`${place}`, `${place + 1}. ${word('operate.broadcasts.channels', way.channel)}`, way.people),
        )}
        {held > 0 ? bar('held', t('operate.broadcasts.check.heldOut'), held, '#8A98A0') : null}
        {unreachable > 0
          ? bar('none', t('operate.broadcasts.check.unreachable'), unreachable, '#C94A30')
          : null}
      </ul>
      {reasons.size > 0 ? (
        <>
          <h3 className={styles.subtitle}>{t('operate.broadcasts.check.whyNot')}</h3>
          <ul className={styles.lines}>
            {[...reasons].map(([rule, count]) => (
              <li key={rule}>
                {word('operate.broadcasts.rule', rule)}: {format.count(count)}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {lastAt ? (
        <p className={styles.last}>{t('operate.broadcasts.check.lastAt', { at: format.instant(lastAt) })}</p>
      ) : null}
    </div>
  )
}

interface CheckPanelProps {
  id: number
  version: number
  /** Changes are on their way, so that what is shown is of before them. */
  isOld?: boolean
  hasAudience: boolean
  /** What can be done next. */
  children?: React.ReactNode
}

/** Whom it would reach now, and what stands in the way. */
export const CheckPanel = ({ id, version, isOld = false, hasAudience, children }: CheckPanelProps) => {
  const t = useT()
  const query = useQuery(checkQuery(id, version))
  const { data, error } = query
  return (
    <Panel title={t('operate.broadcasts.check.title')}>
      {error ? <ErrorState error={error} onRetry={() => void query.refetch()} /> : null}
      {data && hasAudience ? (
        <Forecast audience={data.audience} isOld={isOld || query.isPlaceholderData} />
      ) : null}
      {hasAudience ? null : <p className={styles.hint}>{t('operate.broadcasts.check.noAudience')}</p>}
      {data ? <Issues issues={data.issues} /> : null}
      {!data && !error ? <Loading rows={6} height={220} /> : null}
      {children}
    </Panel>
  )
}
