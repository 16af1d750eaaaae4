import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useActorName, useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { EmptyState, Loaded, Page, Panel } from '@/kernel/ui'
import { ListActions } from './list-actions'
import styles from './lists.module.css'
import { Origin } from './origin'
import { listQuery, type PeopleList, usesQuery } from './queries'
import { UploadPanel } from './upload-panel'

interface ListPageProps {
  /** The table of who is on it, which belongs to the people's slice. */
  members: (listId: number) => ReactNode
}

const UsesPanel = ({ listId }: { listId: number }) => {
  const t = useT()
  const query = useQuery(usesQuery(listId))
  return (
    <Panel title={t('cdp.lists.uses.title')}>
      <Loaded query={query} height={40}>
        {({ items }) =>
          items.length === 0 ? (
            <p className={styles.none}>{t('cdp.lists.uses.none')}</p>
          ) : (
            <ul className={styles.plain}>
              {items.map(({ segment_id: id, name }) => (
                <li key={id}>
                  <Link to="/segments/$segmentId" params={{ segmentId: String(id) }}>
                    {name}
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  )
}

const About = ({ list }: { list: PeopleList }) => {
  const t = useT()
  const format = useFormats()
  const actorName = useActorName()
  const { description, created_at: at, created_by: who, updated_at: changed } = list
  return (
    <Panel title={t('cdp.lists.about')}>
      {description ? <p className={styles.description}>{description}</p> : null}
      <dl className={styles.facts}>
        <dt>{t('cdp.lists.column.origin')}</dt>
        <dd>
          <Origin list={list} />
        </dd>
        <dt>{t('cdp.lists.made')}</dt>
        <dd>{t('cdp.lists.madeBy', { at: format.instant(at), who: actorName(who) })}</dd>
        <dt>{t('cdp.lists.column.changed')}</dt>
        <dd>{format.ago(changed)}</dd>
      </dl>
    </Panel>
  )
}

const Whole = ({ list, members }: ListPageProps & { list: PeopleList }) => {
  const t = useT()
  const format = useFormats()
  const canWrite = useCan('segments:write')
  const canRead = useCan('people:read')
  const { list_id: id, size } = list
  const counted = t('cdp.lists.people', { count: size, shown: format.count(size) })
  return (
    <div className={styles.columns}>
      {canRead ? (
        <Panel title={counted} flush>
          <div className={styles.members}>{members(id)}</div>
        </Panel>
      ) : null}
      <div className={styles.side}>
        <UploadPanel listId={id} canWrite={canWrite} canRead={canRead} />
        <UsesPanel listId={id} />
        <About list={list} />
      </div>
    </div>
  )
}

/** One list: who is on it, how they came there, and who asks for it. */
export const ListPage = ({ members }: ListPageProps) => {
  const t = useT()
  const { listId } = useParams({ from: '/shell/lists/$listId' })
  const id = Number(listId)
  const isId = Number.isSafeInteger(id) && id > 0
  const query = useQuery({ ...listQuery(id), enabled: isId })
  const above = (
    <>
      <Link to="/lists">{t('cdp.lists.title')}</Link> /
    </>
  )
  return (
    <Page
      title={query.data?.name ?? t('cdp.lists.one')}
      above={above}
      tools={query.data ? <ListActions list={query.data} /> : null}
    >
      {isId ? (
        <Loaded query={query} height={480}>
          {(list) => <Whole list={list} members={members} />}
        </Loaded>
      ) : (
        <EmptyState title={t('cdp.lists.noSuch')} />
      )}
    </Page>
  )
}
