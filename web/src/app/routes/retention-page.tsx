import { useT } from '@/kernel/i18n'
import { Page } from '@/kernel/ui'
import { CohortsPanel } from '@/measure/cockpit/cohorts-panel'
import { ValuePanel } from '@/measure/reports/retention/value-panel'

/** Who bought again, and what it brought. */
const RetentionPage = () => {
  const t = useT()
  return (
    <Page title={t('app.shell.reports.retention')}>
      <CohortsPanel />
      <ValuePanel />
    </Page>
  )
}

export default RetentionPage
