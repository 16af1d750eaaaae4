import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, EmptyState, Loaded, Page, Panel, useNotice } from '@/kernel/ui'
import { PlusIcon } from '@/kernel/ui/icons'
import { AccountCard } from './account-card'
import { AccountForm } from './account-form'
import { FailedPanel } from './failed-panel'
import { accountsQuery, checkAccount, kindsQuery, refreshChannels } from './queries'
import { useOutcomeText } from './use-words'

/** The accounts through which people are reached. */
const ChannelsPage = () => {
  const t = useT()
  const notice = useNotice()
  const outcomeText = useOutcomeText()
  const canChange = useCan('accounts:write')
  const kinds = useQuery(kindsQuery)
  const accounts = useQuery(accountsQuery)
  const [isAsking, setIsAsking] = useState(false)
  // What was entered is tried at once: nobody has to think of it.
  const tryOut = async ({ account_id: id }: { account_id: number }) => {
    const found = await checkAccount(id)
    await refreshChannels()
    if (found.is_fine) notice.success(outcomeText(found))
    else notice.warning(outcomeText(found), 8)
  }
  const add = canChange ? (
    <Button
      type="primary"
      icon={<PlusIcon aria-hidden="true" />}
      disabled={!kinds.data}
      onClick={() => setIsAsking(true)}
    >
      {t('channels.add')}
    </Button>
  ) : null
  return (
    <Page title={t('channels.title')} note={t('channels.note')} tools={add}>
      <Loaded query={accounts} height={160}>
        {(found) => (
          <>
            {found.length === 0 ? (
              <Panel title={t('channels.title')}>
                <EmptyState title={t('channels.empty')}>
                  {canChange ? t('channels.emptyHint') : t('channels.forOwners')}
                </EmptyState>
              </Panel>
            ) : null}
            {found.map((account) => (
              <AccountCard key={account.account_id} account={account} kinds={kinds.data ?? []} />
            ))}
            <FailedPanel accounts={found} />
          </>
        )}
      </Loaded>
      {isAsking && kinds.data ? (
        <AccountForm
          kinds={kinds.data}
          onMade={(made) => void tryOut(made).catch((error: Error) => notice.error(error.message))}
          onClose={() => setIsAsking(false)}
        />
      ) : null}
    </Page>
  )
}

export default ChannelsPage
