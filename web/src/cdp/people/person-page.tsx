import { useT } from '@/kernel/i18n'
import { Page, Panel } from '@/kernel/ui'

const PersonPage = () => {
  const t = useT()
  return (
    <Page title={t('cdp.people.title')}>
      <Panel title={t('cdp.people.title')}>
        <p>{t('cdp.people.title')}</p>
      </Panel>
    </Page>
  )
}

export default PersonPage
