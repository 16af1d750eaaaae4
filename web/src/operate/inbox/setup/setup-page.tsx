import { useQuery } from '@tanstack/react-query'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Loaded, Page } from '@/kernel/ui'
import { setupQuery } from '../queries'
import { CannedPanel } from './canned-panel'
import { DraftingPanel } from './drafting-panel'
import { PromisesPanel } from './promises-panel'
import { RoutesPanel } from './routes-panel'
import { TeamsPanel } from './teams-panel'

/** How the inbox is set up: teams, accounts, promises, saved replies, drafts. */
const SetupPage = () => {
  const t = useT()
  const canWrite = useCan('replies:write')
  const canAnswer = useCan('inbox:write')
  const canSeeDrafts = useCan('replies:read')
  const canSeeAccounts = useCan('channels:read')
  const query = useQuery(setupQuery)
  return (
    <Page title={t('operate.inbox.setup.title')}>
      <Loaded query={query} height={400}>
        {(setup) => (
          <>
            <TeamsPanel setup={setup} canWrite={canWrite} />
            {canSeeAccounts ? <RoutesPanel setup={setup} canWrite={canWrite} /> : null}
            <PromisesPanel setup={setup} canWrite={canWrite} />
            <CannedPanel setup={setup} canWrite={canAnswer} />
            {canSeeDrafts ? <DraftingPanel /> : null}
          </>
        )}
      </Loaded>
    </Page>
  )
}

export default SetupPage
