import { useT } from '@/kernel/i18n'
import { Page, Panel } from '@/kernel/ui'

const IngestPage = () => {
  const t = useT()
  return (
    <Page title={t('cdp.ingest.title')}>
      <Panel title={t('cdp.ingest.title')}>
        <p>{t('cdp.ingest.title')}</p>
      </Panel>
    </Page>
  )
}

export default IngestPage
