import { useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Page, Tabs } from '@/kernel/ui'
import { BrakesPanel } from './brakes-panel'
import { FormsPanel } from './forms-panel'
import { HoursPanel } from './hours-panel'
import { RulesSide } from './rules-side'

/** What is answered without anybody at the keys: rules, lead forms, business hours, brakes. */
const AutoReplyPage = () => {
  const t = useT()
  const [tab, setTab] = useState('rules')
  const items = [
    { key: 'rules', label: t('operate.autoreply.tab.rules'), children: <RulesSide /> },
    { key: 'forms', label: t('operate.autoreply.tab.forms'), children: <FormsPanel /> },
    { key: 'hours', label: t('operate.autoreply.tab.hours'), children: <HoursPanel /> },
    { key: 'brakes', label: t('operate.autoreply.tab.brakes'), children: <BrakesPanel /> },
  ]
  return (
    <Page title={t('operate.autoreply.title')} note={t('operate.autoreply.note')}>
      <Tabs activeKey={tab} onChange={setTab} items={items} destroyOnHidden />
    </Page>
  )
}

export default AutoReplyPage
