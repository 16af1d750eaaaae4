import { useT } from '@/kernel/i18n'
import { Page, Panel } from '@/kernel/ui'

const SourcesPage = () => {
  const t = useT()
  return (
    <Page title={t('cdp.sources.title')}>
      <Panel title={t('cdp.sources.title')}>
        <p>{t('cdp.sources.title')}</p>
      </Panel>
    </Page>
  )
}

export default SourcesPage
