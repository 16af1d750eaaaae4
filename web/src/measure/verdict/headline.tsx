import { Link } from '@tanstack/react-router'
import type { VerdictReport, VerdictState } from '@/kernel/api'
import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Readout, ReadoutStrip } from '@/kernel/ui'
import { shareOf } from './figures'
import styles from './headline.module.css'

const PARTS: readonly VerdictState[] = ['wasted', 'unproven', 'working']

/** Which half, in one sentence. */
const useSentence = ({ totals, currency }: VerdictReport): string => {
  const t = useT()
  const format = useFormats()
  const money = (minor: number) => format.money(minor, currency, { compact: true })
  const spend = money(totals.spend_minor)
  if (totals.wasted_minor > 0) {
    return t('measure.verdict.headline.wasted', {
      spend,
      wasted: money(totals.wasted_minor),
      share: format.share(shareOf(totals.wasted_minor, totals.spend_minor)),
    })
  }
  return t(totals.working_minor > 0 ? 'measure.verdict.headline.noWaste' : 'measure.verdict.headline.open', {
    spend,
    working: money(totals.working_minor),
  })
}

/** What profit demands of every unit of money spent, and where to change it. */
const BreakEven = ({ report: { margin, break_even_roas, people } }: { report: VerdictReport }) => {
  const t = useT()
  const format = useFormats()
  const canChange = useCan('workspace:read')
  return (
    <p className={styles.terms}>
      {t('measure.verdict.breakEven', {
        margin: format.share(margin),
        roas: format.decimal(break_even_roas),
      })}{' '}
      {canChange ? <Link to="/settings/workspace">{t('measure.verdict.changeMargin')}</Link> : null}
      <span className={styles.people}>{t('measure.verdict.people', { shown: format.count(people) })}</span>
    </p>
  )
}

/** In a demo the truth is known: how close the verdict came to it. */
const TruthLine = ({ report: { truth, currency } }: { report: VerdictReport }) => {
  const t = useT()
  const format = useFormats()
  if (!truth) return null
  const money = (minor: number) => format.money(minor, currency, { compact: true })
  return (
    <p className={styles.truth}>
      <span className={styles.tag}>{t('measure.verdict.truth.tag')}</span>
      <span>
        {t('measure.verdict.truth.waste', {
          waste: money(truth.wasted_spend_minor),
          found: money(truth.found_minor),
          share: format.share(shareOf(truth.found_minor, truth.wasted_spend_minor)),
        })}{' '}
        {truth.wrongly_minor > 0
          ? t('measure.verdict.truth.wrongly', { wrongly: money(truth.wrongly_minor) })
          : t('measure.verdict.truth.fair')}{' '}
        {t('measure.verdict.truth.covered', { covered: truth.covered, count: truth.channels })}
      </span>
    </p>
  )
}

/** Which half: the sentence, the parts of the spend, and the four figures. */
export const Headline = ({ report }: { report: VerdictReport }) => {
  const t = useT()
  const format = useFormats()
  const { totals, currency } = report
  const money = (minor: number) => format.money(minor, currency, { compact: true })
  const amounts = {
    wasted: totals.wasted_minor,
    unproven: totals.unproven_minor,
    working: totals.working_minor,
  }
  const note = (minor: number) =>
    t('measure.verdict.ofSpend', { share: format.share(shareOf(minor, totals.spend_minor)) })
  return (
    <section className={styles.headline} aria-label={t('measure.verdict.headline.label')}>
      <p className={styles.sentence}>{useSentence(report)}</p>
      <div className={styles.bar} aria-hidden="true">
        {PARTS.map((part) =>
          amounts[part] > 0 ? (
            <span key={part} data-state={part} style={{ flexGrow: amounts[part] }} />
          ) : null,
        )}
      </div>
      <ReadoutStrip label={t('measure.verdict.readouts')}>
        <Readout
          label={t('measure.verdict.wasted')}
          value={
            <span className={totals.wasted_minor > 0 ? styles.lost : ''}>{money(totals.wasted_minor)}</span>
          }
          title={format.money(totals.wasted_minor, currency)}
          note={note(totals.wasted_minor)}
        />
        <Readout
          label={t('measure.verdict.state.working')}
          value={money(totals.working_minor)}
          title={format.money(totals.working_minor, currency)}
          note={note(totals.working_minor)}
        />
        <Readout
          label={t('measure.verdict.state.unproven')}
          value={money(totals.unproven_minor)}
          title={format.money(totals.unproven_minor, currency)}
          note={note(totals.unproven_minor)}
        />
        <Readout
          label={t('measure.verdict.saved')}
          value={money(totals.saved_minor)}
          title={format.money(totals.saved_minor, currency)}
          note={t('measure.verdict.savedNote')}
        />
      </ReadoutStrip>
      <BreakEven report={report} />
      <TruthLine report={report} />
    </section>
  )
}
