import { Link } from '@tanstack/react-router'
import type { Schemas } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { type Column, DataTable, DateTime, EmptyState, Nothing, Panel } from '@/kernel/ui'
import styles from './ingest.module.css'

type KeyRow = Schemas['KeyOutcome']

/** What each key sends. */
export const KeysPanel = ({ keys }: { keys: KeyRow[] }) => {
  const t = useT()
  const format = useFormats()
  const columns: Column<KeyRow>[] = [
    {
      key: 'name',
      title: t('cdp.ingest.keys.name'),
      render: ({ name, prefix }) => (
        <>
          {name} <code className={styles.code}>{prefix}…</code>
        </>
      ),
    },
    {
      key: 'accepted',
      title: t('cdp.ingest.accepted'),
      isNumber: true,
      width: 110,
      render: ({ accepted }) => format.count(accepted),
    },
    {
      key: 'rejected',
      title: t('cdp.ingest.rejected'),
      isNumber: true,
      width: 100,
      render: ({ rejected }) => format.count(rejected),
    },
    {
      key: 'duplicate',
      title: t('cdp.ingest.duplicate'),
      isNumber: true,
      isWideOnly: true,
      width: 110,
      render: ({ duplicate }) => format.count(duplicate),
    },
    {
      key: 'last',
      title: t('cdp.ingest.keys.last'),
      isWideOnly: true,
      width: 150,
      render: ({ last_event_at: at }) => (at ? <DateTime at={at} style="ago" /> : <Nothing />),
    },
  ]
  return (
    <Panel title={t('cdp.ingest.keys.title')} note={t('cdp.ingest.keys.note')} flush>
      <DataTable
        label={t('cdp.ingest.keys.title')}
        columns={columns}
        rows={keys}
        rowKey={({ api_key_id: id }) => id}
        empty={
          <EmptyState
            title={t('cdp.ingest.keys.empty')}
            action={<Link to="/settings/keys">{t('cdp.ingest.keys.make')}</Link>}
          />
        }
      />
    </Panel>
  )
}
