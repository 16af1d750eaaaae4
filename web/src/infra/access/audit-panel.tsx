import { useInfiniteQuery } from '@tanstack/react-query'
import type { Schemas } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { Button, type Column, DataTable, DateTime, EmptyState, Loaded, Nothing, Panel } from '@/kernel/ui'
import { auditQuery } from './queries'
import styles from './settings.module.css'

type Entry = Schemas['AuditOut']

/** What was changed, by whom. */
export const AuditPanel = () => {
  const t = useT()
  const query = useInfiniteQuery(auditQuery)
  const columns: Column<Entry>[] = [
    {
      key: 'at',
      title: t('infra.access.audit.at'),
      width: 130,
      render: ({ at }) => <DateTime at={at} style="ago" />,
    },
    {
      key: 'actor',
      title: t('infra.access.audit.actor'),
      width: 100,
      render: ({ actor, actor_name: name }) => name ?? actor,
    },
    {
      key: 'action',
      title: t('infra.access.audit.action'),
      render: ({ action }) => <code className={styles.code}>{action}</code>,
    },
    {
      key: 'target',
      title: t('infra.access.audit.target'),
      isWideOnly: true,
      render: ({ target }) => target ?? <Nothing />,
    },
  ]
  return (
    <Panel title={t('infra.access.audit.title')} note={t('infra.access.audit.note')} flush>
      <Loaded query={query}>
        {({ pages }) => (
          <DataTable
            label={t('infra.access.audit.title')}
            columns={columns}
            rows={pages.flatMap(({ items }) => items)}
            rowKey={({ id }) => id}
            empty={<EmptyState title={t('infra.access.audit.empty')} />}
          />
        )}
      </Loaded>
      {query.hasNextPage ? (
        <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('infra.access.audit.more')}
        </Button>
      ) : null}
    </Panel>
  )
}
