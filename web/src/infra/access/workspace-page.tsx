import { useT } from '@/kernel/i18n'
import { Page, Panel } from '@/kernel/ui'

const WorkspacePage = () => {
  const t = useT()
  return (
    <Page title={t('app.shell.settings.workspace')}>
      <Panel title={t('app.shell.settings.workspace')}>
        <p>{t('app.shell.settings.workspace')}</p>
      </Panel>
    </Page>
  )
}

export default WorkspacePage
