import { useT } from '@/kernel/i18n'
import { Page, Panel } from '@/kernel/ui'

const AccountPage = () => {
  const t = useT()
  return (
    <Page title={t('app.shell.settings.account')}>
      <Panel title={t('app.shell.settings.account')}>
        <p>{t('app.shell.settings.account')}</p>
      </Panel>
    </Page>
  )
}

export default AccountPage
