import { useT } from '@/kernel/i18n'
import { Page, Panel } from '@/kernel/ui'

const CockpitPage = () => {
  const t = useT()
  return (
    <Page title={t('measure.cockpit.title')}>
      <Panel title={t('measure.cockpit.title')}>
        <p>{t('measure.cockpit.title')}</p>
      </Panel>
    </Page>
  )
}

export default CockpitPage
