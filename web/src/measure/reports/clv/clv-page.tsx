import { useQuery } from '@tanstack/react-query'
import type { ClvReport } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Alert, EmptyState, Loaded, Page, Panel, Readout, ReadoutStrip } from '@/kernel/ui'
import { clvQuery } from '../queries'
import styles from '../reports.module.css'
import { CalibrationPanel, DistributionPanel } from './clv-panels'
import { ParametersPanel } from './parameters-panel'

const Clv = ({ report }: { report: ClvReport }) => {
  const t = useT()
  const format = useFormats()
  if (report.distribution.length === 0) {
    return (
      <Panel title={t('measure.reports.clv.title')}>
        <EmptyState title={t(report.people > 0 ? 'measure.reports.clv.tooFew' : 'measure.reports.noBuyers')}>
          {report.why_not ? <span lang="en">{report.why_not}</span> : t('measure.reports.noBuyersHint')}
        </EmptyState>
      </Panel>
    )
  }
  return (
    <>
      <ReadoutStrip label={t('measure.reports.clv.title')}>
        <Readout
          label={t('measure.reports.clv.meanLabel')}
          value={format.money(report.mean_minor, report.currency, { compact: true })}
          title={format.money(report.mean_minor, report.currency)}
          note={t('measure.reports.clv.horizon', { count: report.horizon_days })}
        />
        <Readout
          label={t('measure.reports.clv.buyers')}
          value={format.count(report.people)}
          note={report.model}
        />
      </ReadoutStrip>
      {report.why_not ? (
        <Alert type="warning" showIcon title={<span lang="en">{report.why_not}</span>} />
      ) : null}
      {report.not_identified.length > 0 ? (
        <Alert
          type="warning"
          showIcon
          title={t('measure.reports.clv.notIdentified')}
          description={<span lang="en">{report.not_identified.join(' ')}</span>}
        />
      ) : null}
      <div className={styles.pair}>
        <DistributionPanel report={report} />
        <CalibrationPanel report={report} />
      </div>
      <ParametersPanel report={report} />
    </>
  )
}

/** What customers are expected to bring from now on. */
const ClvPage = () => {
  const t = useT()
  const query = useQuery(clvQuery())
  return (
    <Page title={t('measure.reports.clv.title')}>
      <Loaded query={query} height={420}>
        {(report) => <Clv report={report} />}
      </Loaded>
    </Page>
  )
}

export default ClvPage
