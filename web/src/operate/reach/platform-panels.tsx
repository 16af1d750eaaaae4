import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { Button, type Column, DataTable, EmptyState, InputNumber, Loaded, Panel, Select } from '@/kernel/ui'
import {
  type Allowance,
  allowancesQuery,
  resumeSender,
  type Sender,
  saveMost,
  saveUnclear,
  sendersQuery,
} from './queries'

const useLastsText = () => {
  const t = useT()
  return (seconds: number | null) => {
    if (seconds === null) return t('operate.reach.rules.allowance.ever')
    if (seconds >= 172_800)
      return t('operate.reach.rules.days', { days: String(Math.round(seconds / 86_400)) })
    if (seconds >= 3_600)
      return t('operate.reach.rules.hours', { hours: String(Math.round(seconds / 3_600)) })
    return t('operate.reach.rules.seconds', { seconds: String(seconds) })
  }
}

/** What platforms allow: windows and quotas, with the source of every figure. */
export const AllowancesPanel = ({ canWrite }: { canWrite: boolean }) => {
  const t = useT()
  const word = useWord()
  const lastsText = useLastsText()
  const format = useFormats()
  const query = useQuery(allowancesQuery)
  const columns: Column<Allowance>[] = [
    {
      key: 'name',
      title: t('operate.reach.rules.allowance.name'),
      render: (row) => {
        const account = row.account_id === null ? '' : ` · ${row.account_id}`
        const name = `${word('kernel.channel', row.channel)}${account} · ${row.name}`
        if (row.since === null || Date.parse(row.since) <= Date.now()) return name
        return `${name} (${t('operate.reach.rules.allowance.from', { since: format.instant(row.since) })})`
      },
    },
    {
      key: 'opens',
      title: t('operate.reach.rules.allowance.opens'),
      render: (row) => word('operate.reach.rules.opens', row.opens),
    },
    {
      key: 'lasts',
      title: t('operate.reach.rules.allowance.lasts'),
      render: (row) => lastsText(row.lasts_s),
    },
    {
      key: 'most',
      title: t('operate.reach.rules.allowance.most'),
      render: (row) =>
        canWrite ? (
          <InputNumber
            aria-label={t('operate.reach.rules.allowance.most')}
            min={0}
            defaultValue={row.most ?? undefined}
            placeholder={t('operate.reach.rules.allowance.any')}
            onBlur={({ target }) => {
              const most = target.value === '' ? null : Number(target.value)
              if (most !== row.most) void saveMost(row, most)
            }}
          />
        ) : (
          (row.most ?? t('operate.reach.rules.allowance.any'))
        ),
    },
    {
      key: 'per',
      title: t('operate.reach.rules.allowance.per'),
      render: (row) => t(`operate.reach.rules.per.${row.per}`),
    },
    {
      key: 'source',
      title: t('operate.reach.rules.allowance.source'),
      isWideOnly: true,
      render: (row) => [row.cite, row.as_of].filter(Boolean).join(', '),
    },
  ]
  return (
    <Panel title={t('operate.reach.rules.allowances')} note={t('operate.reach.rules.allowancesNote')} flush>
      <Loaded query={query} height={160}>
        {({ items }) => (
          <DataTable
            label={t('operate.reach.rules.allowances')}
            columns={columns}
            rows={items}
            rowKey={(row) => String(row.allowance_id)}
            empty={<EmptyState title={t('operate.reach.rules.noAllowances')} />}
          />
        )}
      </Loaded>
    </Panel>
  )
}

/** How accounts send, and what is done where nobody knows whether a message arrived. */
export const SendersPanel = ({ canWrite }: { canWrite: boolean }) => {
  const t = useT()
  const word = useWord()
  const query = useQuery(sendersQuery)
  const columns = useMemo<Column<Sender>[]>(
    () => [
      {
        key: 'channel',
        title: t('operate.reach.rules.account.channel'),
        render: (row) => `${word('kernel.channel', row.channel)} · ${row.account_id}`,
      },
      {
        key: 'unclear',
        title: t('operate.reach.rules.account.unclear'),
        render: (row) => (
          <Select
            aria-label={t('operate.reach.rules.account.unclear')}
            value={row.when_unclear}
            disabled={!canWrite}
            onChange={(choice) => void saveUnclear(row, choice)}
            options={(['not_at_all', 'twice'] as const).map((value) => ({
              value,
              label: t(`operate.reach.rules.when.${value}`),
            }))}
          />
        ),
      },
      {
        key: 'waiting',
        title: t('operate.reach.rules.account.waiting'),
        isNumber: true,
        render: (row) => row.waiting,
      },
      {
        key: 'doubts',
        title: t('operate.reach.rules.account.doubts'),
        isNumber: true,
        render: (row) => row.doubts,
      },
      {
        key: 'state',
        title: t('operate.reach.rules.account.state'),
        render: (row) =>
          row.paused_at ? (
            <>
              {t('operate.reach.rules.paused', { why: row.paused_reason ?? '' })}{' '}
              {canWrite ? (
                <Button size="small" onClick={() => void resumeSender(row.account_id)}>
                  {t('operate.reach.rules.resume')}
                </Button>
              ) : null}
            </>
          ) : (
            t('operate.reach.rules.fine')
          ),
      },
    ],
    [t, word, canWrite],
  )
  return (
    <Panel title={t('operate.reach.rules.accounts')} note={t('operate.reach.rules.accountsNote')} flush>
      <Loaded query={query} height={120}>
        {({ items }) => (
          <DataTable
            label={t('operate.reach.rules.accounts')}
            columns={columns}
            rows={items}
            rowKey={(row) => String(row.account_id)}
            empty={<EmptyState title={t('operate.reach.rules.noAccounts')} />}
          />
        )}
      </Loaded>
    </Panel>
  )
}
