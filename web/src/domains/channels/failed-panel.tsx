import { useMutation, useQuery } from '@tanstack/react-query'
import { useCan } from '@/kernel/auth'
import { said, useT } from '@/kernel/i18n'
import { Button, type Column, DataTable, DateTime, Panel, useNotice } from '@/kernel/ui'
import { type Account, failedQuery, refreshChannels, retryInbound } from './queries'

type Failed = Awaited<ReturnType<NonNullable<(typeof failedQuery)['queryFn']>>>[number]

/** What came in and could not be handled; nothing is shown while there is none. */
export const FailedPanel = ({ accounts }: { accounts: Account[] }) => {
  const t = useT()
  const notice = useNotice()
  const canRun = useCan('channels:write')
  const { data: failed = [] } = useQuery(failedQuery)
  const retrying = useMutation({
    mutationFn: retryInbound,
    onSuccess: refreshChannels,
    onError: (error) => void notice.error(error.message || t('kernel.ui.failed')),
  })
  if (failed.length === 0) return null
  const columns: Column<Failed>[] = [
    {
      key: 'account',
      title: t('channels.failed.account'),
      render: ({ account_id: id }) =>
        accounts.find((account) => account.account_id === id)?.name ?? String(id),
    },
    {
      key: 'at',
      title: t('channels.failed.at'),
      isWideOnly: true,
      render: ({ received_at: at }) => <DateTime at={at} />,
    },
    { key: 'why', title: t('channels.failed.why'), render: ({ error }) => (error ? said(error) : '') },
    {
      key: 'retry',
      title: '',
      width: 140,
      render: ({ inbound_id: id }) =>
        canRun ? <Button onClick={() => retrying.mutate(id)}>{t('channels.failed.retry')}</Button> : null,
    },
  ]
  return (
    <Panel title={t('channels.failed.title')} note={t('channels.failed.note')} flush>
      <DataTable
        label={t('channels.failed.title')}
        columns={columns}
        rows={failed}
        rowKey={({ inbound_id: id }) => id}
      />
    </Panel>
  )
}
