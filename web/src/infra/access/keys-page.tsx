import { useT } from '@/kernel/i18n'
import { Page, Panel } from '@/kernel/ui'

const KeysPage = () => {
  const t = useT()
  return (
    <Page title={t('app.shell.settings.keys')}>
      <Panel title={t('app.shell.settings.keys')}>
        <p>{t('app.shell.settings.keys')}</p>
      </Panel>
    </Page>
  )
}

export default KeysPage
