import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { PeriodPicker, usePeriod } from '@/kernel/period'
import { Loaded, Page, Readout, ReadoutStrip } from '@/kernel/ui'
import { DaysPanel } from './days-panel'
import { useDuration } from './duration'
import { GroupsPanel } from './groups-panel'
import { type Row, reportQuery } from './queries'
import { RatingsPanel } from './ratings-panel'

const NOTHING = '–'

const Figures = ({ row }: { row: Row | undefined }) => {
  const t = useT()
  const format = useFormats()
  const duration = useDuration()
  const span = (seconds: number | null | undefined) => (seconds == null ? NOTHING : duration(seconds))
  const promised = row?.promised_responses ?? 0
  return (
    <ReadoutStrip label={t('operate.inbox.report.title')}>
      <Readout
        label={t('operate.inbox.report.opened')}
        value={format.count(row?.opened ?? 0)}
        note={t('operate.inbox.report.closedNote', { count: row?.closed ?? 0 })}
      />
      <Readout
        label={t('operate.inbox.report.response')}
        value={span(row?.response_p50_s)}
        note={t('operate.inbox.report.inHours', { span: span(row?.response_open_p50_s) })}
      />
      <Readout
        label={t('operate.inbox.report.resolution')}
        value={span(row?.resolution_p50_s)}
        note={t('operate.inbox.report.inHours', { span: span(row?.resolution_open_p50_s) })}
      />
      <Readout
        label={t('operate.inbox.report.late')}
        value={promised ? format.share((row?.late_responses ?? 0) / promised) : NOTHING}
        note={t('operate.inbox.report.promised', { count: promised })}
      />
      <Readout
        label={t('operate.inbox.report.score')}
        value={row?.score == null ? NOTHING : format.decimal(row.score, 2)}
        note={t('operate.inbox.report.ratedNote', { rated: row?.rated ?? 0, asked: row?.asked ?? 0 })}
      />
    </ReadoutStrip>
  )
}

/** How fast people are answered, how soon things are settled, and how people find it. */
const ReportPage = () => {
  const t = useT()
  const format = useFormats()
  const [period, search, choose] = usePeriod()
  const query = useQuery(reportQuery('none', period, format.timeZone))
  return (
    <Page
      title={t('operate.inbox.report.title')}
      above={<Link to="/inbox">{t('operate.inbox.title')}</Link>}
      note={t('operate.inbox.report.note')}
      tools={<PeriodPicker value={search} onChange={choose} />}
    >
      <Loaded query={query} height={100}>
        {({ items }) => <Figures row={items[0]} />}
      </Loaded>
      <DaysPanel period={period} />
      <GroupsPanel period={period} />
      <RatingsPanel period={period} />
    </Page>
  )
}

export default ReportPage
