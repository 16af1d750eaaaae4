import { useT } from '@/kernel/i18n'
import { Page, Panel } from '@/kernel/ui'

const MembersPage = () => {
  const t = useT()
  return (
    <Page title={t('app.shell.settings.members')}>
      <Panel title={t('app.shell.settings.members')}>
        <p>{t('app.shell.settings.members')}</p>
      </Panel>
    </Page>
  )
}

export default MembersPage
