import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Person } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { EmptyState, Loaded, Page, Tabs } from '@/kernel/ui'
import { IdentityPanel } from './identity/identity-panel'
import { nameOf } from './naming'
import { OrdersPanel } from './orders-panel'
import styles from './person.module.css'
import { PersonMenu } from './person-menu'
import { PersonReadouts } from './person-readouts'
import { Portrait } from './portrait/portrait'
import { personQuery } from './queries'
import { TimelinePanel } from './timeline/timeline-panel'

type Tab = 'timeline' | 'messages' | 'orders' | 'identity'

/** What was done, what was bought, who this is: one at a time. */
const Record = ({ person, messages }: { person: Person; messages?: ReactNode }) => {
  const t = useT()
  const [tab, setTab] = useState<Tab>('timeline')
  const tabs: Tab[] = messages
    ? ['timeline', 'messages', 'orders', 'identity']
    : ['timeline', 'orders', 'identity']
  const items = tabs.map((key) => ({
    key,
    label: t(`cdp.people.tab.${key}`),
  }))
  return (
    <div className={styles.record}>
      <div className={styles.bar}>
        <Tabs activeKey={tab} onChange={(key) => setTab(key as Tab)} items={items} className={styles.tabs} />
        <PersonMenu person={person} />
      </div>
      {tab === 'timeline' ? <TimelinePanel personId={person.id} /> : null}
      {tab === 'messages' ? messages : null}
      {tab === 'orders' ? <OrdersPanel person={person} /> : null}
      {tab === 'identity' ? <IdentityPanel person={person} /> : null}
    </div>
  )
}

interface PersonPageProps {
  /** The segments that somebody is in, which are a slice of their own. */
  segments?: (personId: number) => ReactNode
  /** What somebody agreed to and took back. */
  consents?: (personId: number) => ReactNode
  /** What was to be said to somebody, and what became of it. */
  messages?: (personId: number) => ReactNode
}

/** One person, whole. */
export const PersonPage = ({ segments, consents, messages }: PersonPageProps) => {
  const t = useT()
  const { personId } = useParams({ from: '/shell/people/$personId' })
  const id = Number(personId)
  const query = useQuery({ ...personQuery(id), enabled: Number.isSafeInteger(id) })
  const person = query.data
  const title = person
    ? (nameOf(person) ?? t('cdp.people.unnamed', { id: String(person.id) }))
    : t('cdp.people.one')
  const above = (
    <>
      <Link to="/people">{t('cdp.people.title')}</Link> /
    </>
  )
  if (!Number.isSafeInteger(id)) {
    return (
      <Page title={title} above={above}>
        <EmptyState title={t('cdp.people.noSuch')} />
      </Page>
    )
  }
  return (
    <Page title={title} above={above}>
      <Loaded query={query} height={480}>
        {(data) => (
          <>
            <PersonReadouts person={data} />
            <div className={styles.columns}>
              <Portrait person={data} segments={segments?.(data.id)} consents={consents?.(data.id)} />
              <Record person={data} messages={messages?.(data.id)} />
            </div>
          </>
        )}
      </Loaded>
    </Page>
  )
}
