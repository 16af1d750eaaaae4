import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { VerdictReport, VerdictRow } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useLocale, useT } from '@/kernel/i18n'
import { chosenDays, LONG, PeriodPicker, usePeriod, WHOLE } from '@/kernel/period'
import { Button, EmptyState, Loaded, Page, Panel } from '@/kernel/ui'
import { PrintIcon } from '@/kernel/ui/icons'
import { hasEvidence, tested } from './figures'
import { FirstHoldout } from './first-holdout'
import { GeoTestsPanel } from './geo-tests-panel'
import { Headline } from './headline'
import { HistoryPanel } from './history-panel'
import { LedgerPanel } from './ledger-panel'
import { usePart } from './part'
import { ProfitsPanel } from './profits-panel'
import { reportAddress, verdictQuery } from './queries'
import type { Grouping } from './search'
import styles from './verdict.module.css'
import { WaterfallPanel } from './waterfall-panel'

/** What a row is called, in full. */
const useNameOf = () => {
  const part = usePart()
  return useCallback(
    (row: VerdictRow): string => [row.name || row.channel, part(row)].filter(Boolean).join(' · '),
    [part],
  )
}

interface VerdictBodyProps {
  /** By channel: what the headline, the waterfall and the history speak of. */
  whole: VerdictReport
  /** By what was chosen. */
  split: VerdictReport
  /** The split on screen is the one before; what was chosen is on its way. */
  isStale: boolean
  by: Grouping
  onSplit: (by: Grouping) => void
}

const VerdictBody = ({ whole, split, isStale, by, onSplit }: VerdictBodyProps) => {
  const t = useT()
  const nameOf = useNameOf()
  if (whole.rows.length === 0) {
    return (
      <Panel title={t('measure.verdict.nothing.title')}>
        <EmptyState title={t('measure.verdict.nothing.text')}>{t('measure.verdict.nothing.hint')}</EmptyState>
      </Panel>
    )
  }
  return (
    <>
      <Headline report={whole} />
      {hasEvidence(whole.rows) ? null : <FirstHoldout reason={whole.rows[0]?.evidence.why_not ?? null} />}
      <LedgerPanel report={split} isStale={isStale} by={by} onSplit={onSplit} nameOf={nameOf} />
      <div className={styles.grid}>
        <WaterfallPanel report={whole} className={styles.span5} />
        <ProfitsPanel
          report={tested(split.rows).length > 0 ? split : whole}
          nameOf={nameOf}
          className={styles.span7}
        />
      </div>
      <HistoryPanel report={whole} />
      <GeoTestsPanel rows={whole.rows} />
    </>
  )
}

/** Which days the figures speak of, and as of when. */
const Days = ({ report, isPending }: { report: VerdictReport | undefined; isPending: boolean }) => {
  const t = useT()
  const format = useFormats()
  if (!report) return isPending ? <span role="status">{t('measure.verdict.judging')}</span> : null
  const { period, as_of } = report
  return (
    <>
      {t('measure.verdict.period', {
        from: format.day(period.from, { withYear: true }),
        to: format.day(period.to, { withYear: true }),
      })}
      <span className={styles.asOf}>{t('measure.verdict.asOf', { time: format.instant(as_of) })}</span>
    </>
  )
}

/** Half of the spend is wasted; this page says which half. */
const VerdictPage = () => {
  const t = useT()
  const locale = useLocale()
  const navigate = useNavigate()
  const { by = 'channel' } = useSearch({ from: '/shell/verdict' })
  const [days, search, choosePeriod] = usePeriod(LONG)
  const period = chosenDays(search, LONG) === WHOLE ? null : days
  const whole = useQuery(verdictQuery(period, 'channel'))
  const split = useQuery(verdictQuery(period, by))
  const chooseSplit = useCallback(
    (next: Grouping) =>
      void navigate({
        to: '/verdict',
        search: (before) => ({ ...before, by: next === 'channel' ? undefined : next }),
        replace: true,
      }),
    [navigate],
  )
  return (
    <Page
      title={t('measure.verdict.title')}
      note={<Days report={whole.data} isPending={whole.isPending} />}
      tools={
        <>
          <PeriodPicker
            value={search}
            onChange={choosePeriod}
            choice={LONG}
            whole={{ label: t('measure.verdict.sinceFirst'), period: whole.data?.period }}
          />
          <Button icon={<PrintIcon />} href={reportAddress(period, locale)} target="_blank" rel="noopener">
            {t('measure.verdict.report')}
          </Button>
        </>
      }
    >
      <Loaded query={whole} height={480}>
        {(wholeData) => (
          <Loaded query={split} height={480}>
            {(splitData) => (
              <VerdictBody
                whole={wholeData}
                split={splitData}
                isStale={split.isPlaceholderData}
                by={by}
                onSplit={chooseSplit}
              />
            )}
          </Loaded>
        )}
      </Loaded>
    </Page>
  )
}

export default VerdictPage
