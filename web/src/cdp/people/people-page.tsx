import { useT } from '@/kernel/i18n'
import { Page, Panel } from '@/kernel/ui'

const PeoplePage = () => {
  const t = useT()
  return (
    <Page title={t('cdp.people.title')}>
      <Panel title={t('cdp.people.title')}>
        <p>{t('cdp.people.title')}</p>
      </Panel>
    </Page>
  )
}

export default PeoplePage
