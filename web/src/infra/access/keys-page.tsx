import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type Schemas, unwrap } from '@/kernel/api'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import {
  Button,
  type Column,
  DataTable,
  DateTime,
  EmptyState,
  Loaded,
  Page,
  Panel,
  SecretDialog,
  useConfirm,
  useNarrow,
} from '@/kernel/ui'
import { PlusIcon } from '@/kernel/ui/icons'
import { KeyForm } from './key-form'
import { keysQuery, refreshAccess } from './queries'
import styles from './settings.module.css'

type Key = Schemas['KeyOut']

const useColumns = (): Column<Key>[] => {
  const t = useT()
  const confirm = useConfirm()
  const canWrite = useCan('keys:write')
  const isNarrow = useNarrow()
  const revoke = ({ id, name }: Key) =>
    confirm({
      title: t('infra.access.keys.revokeTitle', { name }),
      content: t('infra.access.keys.revokeText'),
      verb: t('infra.access.keys.revoke'),
      isDangerous: true,
      act: async () => {
        await unwrap(api.DELETE('/api/keys/{api_key_id}', { params: { path: { api_key_id: id } } }))
        await refreshAccess()
      },
    })
  return [
    {
      key: 'name',
      title: t('infra.access.keys.name'),
      render: ({ name, prefix, revoked_at: at }) => (
        <span className={at ? `${styles.stacked} ${styles.faded}` : styles.stacked}>
          <span>{name}</span> <code className={styles.code}>{prefix}…</code>
        </span>
      ),
    },
    {
      key: 'kind',
      title: t('infra.access.keys.kind'),
      width: isNarrow ? 110 : 190,
      render: ({ kind, role }) =>
        role && kind === 'server' ? (
          <span className={styles.stacked}>
            <span>{t('infra.access.keys.server')}</span>{' '}
            <span className={styles.hint}>{t(`infra.access.role.${role}`)}</span>
          </span>
        ) : (
          t('infra.access.keys.write')
        ),
    },
    {
      key: 'created',
      title: t('infra.access.keys.created'),
      width: 140,
      isWideOnly: true,
      render: ({ created_at: at }) => <DateTime at={at} style="date" />,
    },
    {
      key: 'used',
      title: t('infra.access.keys.lastUsed'),
      width: 150,
      isWideOnly: true,
      render: ({ last_used_at: at }) =>
        at ? <DateTime at={at} style="ago" /> : t('infra.access.keys.never'),
    },
    {
      key: 'actions',
      title: t('infra.access.keys.actions'),
      width: isNarrow ? 100 : 120,
      render: (key) => {
        if (key.revoked_at) return <span className={styles.faded}>{t('infra.access.keys.revoked')}</span>
        return canWrite ? <Button onClick={() => revoke(key)}>{t('infra.access.keys.revoke')}</Button> : null
      },
    },
  ]
}

/** Keys: shown once, revocable at any time. */
const KeysPage = () => {
  const t = useT()
  const canWrite = useCan('keys:write')
  const query = useQuery(keysQuery)
  const columns = useColumns()
  const isNarrow = useNarrow()
  const [isAsking, setIsAsking] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const add = canWrite ? (
    <Button type="primary" icon={<PlusIcon />} onClick={() => setIsAsking(true)}>
      {t('infra.access.keys.new')}
    </Button>
  ) : null
  return (
    <Page title={t('app.shell.settings.keys')}>
      <Panel title={t('app.shell.settings.keys')} note={t('infra.access.keys.note')} actions={add} flush>
        <Loaded query={query}>
          {({ items }) => (
            <DataTable
              label={t('app.shell.settings.keys')}
              columns={columns}
              rows={items}
              rowKey={({ id }) => id}
              rowHeight={isNarrow ? 58 : 48}
              empty={
                <EmptyState title={t('infra.access.keys.empty')}>
                  {t('infra.access.keys.emptyHint')}
                </EmptyState>
              }
            />
          )}
        </Loaded>
      </Panel>
      {isAsking ? (
        <KeyForm
          onClose={() => setIsAsking(false)}
          onMade={(made) => {
            setIsAsking(false)
            setSecret(made)
          }}
        />
      ) : null}
      {secret ? (
        <SecretDialog
          title={t('infra.access.keys.secretTitle')}
          text={t('infra.access.keys.secretText')}
          label={t('infra.access.keys.secret')}
          secret={secret}
          verb={t('infra.access.keys.done')}
          onClose={() => setSecret(null)}
        />
      ) : null}
    </Page>
  )
}

export default KeysPage
