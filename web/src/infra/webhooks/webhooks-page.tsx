import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Schemas } from '@/kernel/api'
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
  useNarrow,
} from '@/kernel/ui'
import { PlusIcon } from '@/kernel/ui/icons'
import { type Webhook, webhooksQuery } from './queries'
import { StateSwitch, StateText } from './state-switch'
import { useReasonText, useToldText } from './use-words'
import { WebhookForm } from './webhook-form'
import styles from './webhooks.module.css'
import { hostOf } from './words'

const useColumns = (canWrite: boolean): Column<Webhook>[] => {
  const t = useT()
  const toldText = useToldText()
  const reasonText = useReasonText()
  const isNarrow = useNarrow()
  return [
    {
      key: 'address',
      title: t('infra.webhooks.column.address'),
      render: (webhook) => {
        const { webhook_id: id, url, description, error } = webhook
        const beneath = error ? reasonText(error) : description || url
        return (
          <span className={styles.address}>
            <Link to="/settings/webhooks/$webhookId" params={{ webhookId: String(id) }} title={url}>
              {hostOf(url)}
            </Link>
            <span className={error ? `${styles.hint} ${styles.bad}` : styles.hint} title={beneath}>
              {beneath}
            </span>
          </span>
        )
      },
    },
    {
      key: 'told',
      title: t('infra.webhooks.column.told'),
      width: 260,
      isWideOnly: true,
      render: (webhook) => toldText(webhook),
    },
    {
      key: 'since',
      title: t('infra.webhooks.column.since'),
      width: 140,
      isWideOnly: true,
      render: ({ created_at: at }) => <DateTime at={at} style="date" />,
    },
    {
      key: 'state',
      title: t('infra.webhooks.column.state'),
      width: isNarrow ? 120 : 170,
      render: (webhook) =>
        isNarrow ? <StateText webhook={webhook} /> : <StateSwitch webhook={webhook} canWrite={canWrite} />,
    },
  ]
}

/** Which other programs are told of what happens in segments. */
const WebhooksPage = () => {
  const t = useT()
  const navigate = useNavigate()
  const canWrite = useCan('webhooks:write')
  const query = useQuery(webhooksQuery)
  const columns = useColumns(canWrite)
  const [isAsking, setIsAsking] = useState(false)
  const [made, setMade] = useState<Schemas['WebhookMade'] | null>(null)
  const add = canWrite ? (
    <Button type="primary" icon={<PlusIcon aria-hidden="true" />} onClick={() => setIsAsking(true)}>
      {t('infra.webhooks.add')}
    </Button>
  ) : null
  return (
    <Page title={t('infra.webhooks.title')}>
      <Panel
        title={t('infra.webhooks.title')}
        note={canWrite ? t('infra.webhooks.note') : t('infra.webhooks.forOwners')}
        actions={add}
        flush
      >
        <Loaded query={query} height={160}>
          {({ items }) => (
            <DataTable
              label={t('infra.webhooks.title')}
              columns={columns}
              rows={items}
              rowKey={({ webhook_id: id }) => id}
              rowHeight={58}
              empty={
                <EmptyState title={t('infra.webhooks.empty')}>{t('infra.webhooks.emptyHint')}</EmptyState>
              }
            />
          )}
        </Loaded>
      </Panel>
      {isAsking ? <WebhookForm onClose={() => setIsAsking(false)} onMade={setMade} /> : null}
      {made ? (
        <SecretDialog
          title={t('infra.webhooks.secret.title')}
          text={t('infra.webhooks.secret.text')}
          label={t('infra.webhooks.secret.label')}
          secret={made.secret}
          verb={t('infra.webhooks.secret.done')}
          onClose={() => {
            setMade(null)
            void navigate({
              to: '/settings/webhooks/$webhookId',
              params: { webhookId: String(made.webhook_id) },
            })
          }}
        />
      ) : null}
    </Page>
  )
}

export default WebhooksPage
