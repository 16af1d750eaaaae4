import { useQuery } from '@tanstack/react-query'
import { useT } from '@/kernel/i18n'
import { Loaded, Page } from '@/kernel/ui'
import { referralQuery } from '@/measure/cockpit/queries'
import { ReferralPanel } from '@/measure/cockpit/referral-panel'
import { KPanel } from '@/measure/reports/referral/k-panel'

/** Who brought whom, and how many each member brings. */
const ReferralPage = () => {
  const t = useT()
  const query = useQuery(referralQuery())
  return (
    <Page title={t('app.shell.reports.referral')}>
      <Loaded query={query} height={420}>
        {(report) => (
          <>
            <KPanel report={report} />
            <ReferralPanel report={report} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

export default ReferralPage
