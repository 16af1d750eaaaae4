import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import {
  Button,
  type Column,
  DataTable,
  DateTime,
  EmptyState,
  Input,
  Loaded,
  Page,
  Panel,
  Select,
  useNarrow,
} from '@/kernel/ui'
import { ExportIcon, PlusIcon, UploadIcon } from '@/kernel/ui/icons'
import styles from './consent.module.css'
import { ConsentsDialog } from './consents-dialog'
import { ImportDialog } from './import-dialog'
import { LiftForm } from './lift-form'
import { countsQuery, REASONS, type Reason, type Suppressed, suppressionsQuery } from './queries'
import { SuppressionForm } from './suppression-form'

const useColumns = (onLift: ((row: Suppressed) => void) | null): Column<Suppressed>[] => {
  const t = useT()
  const word = useWord()
  const isNarrow = useNarrow()
  const scope = ({ channel, purpose }: Suppressed) => {
    const parts = [
      channel ? word('kernel.channel', channel) : '',
      purpose ? word('cdp.consent.purpose', purpose) : '',
    ]
    return parts.filter(Boolean).join(' · ') || t('cdp.consent.everywhere')
  }
  return [
    {
      key: 'address',
      title: t('cdp.consent.column.address'),
      render: (row) => (
        <span className={styles.address}>
          <span>{row.masked || '***'}</span>
          <span className={styles.hint} title={row.note}>
            {isNarrow ? `${t(`cdp.consent.reason.${row.reason}`)} · ${scope(row)}` : row.note}
          </span>
        </span>
      ),
    },
    {
      key: 'reason',
      title: t('cdp.consent.column.reason'),
      width: 150,
      isWideOnly: true,
      render: ({ reason }) => t(`cdp.consent.reason.${reason}`),
    },
    {
      key: 'scope',
      title: t('cdp.consent.column.scope'),
      width: 200,
      isWideOnly: true,
      render: scope,
    },
    {
      key: 'since',
      title: t('cdp.consent.column.since'),
      width: 140,
      isWideOnly: true,
      render: ({ suppressed_at: at }) => <DateTime at={at} style="date" />,
    },
    ...(onLift
      ? [
          {
            key: 'actions',
            title: t('cdp.consent.column.actions'),
            width: isNarrow ? 96 : 120,
            render: (row: Suppressed) => (
              <Button onClick={() => onLift(row)}>{t('cdp.consent.lift.verb')}</Button>
            ),
          },
        ]
      : []),
  ]
}

const useReasonOptions = () => {
  const t = useT()
  const format = useFormats()
  const { data } = useQuery(countsQuery)
  const counts = new Map(data?.items.map(({ reason, addresses }) => [reason, addresses]))
  return REASONS.map((value) => ({
    value,
    label: t('cdp.consent.reasonCount', {
      reason: t(`cdp.consent.reason.${value}`),
      shown: format.count(counts.get(value) ?? 0),
    }),
  }))
}

/** Addresses that nobody writes to. */
const SuppressionsPage = () => {
  const t = useT()
  const canWrite = useCan('people:write')
  const [q, setQ] = useState('')
  const [reason, setReason] = useState<Reason | null>(null)
  const [open, setOpen] = useState<'form' | 'import' | 'consents' | null>(null)
  const [lifting, setLifting] = useState<Suppressed | null>(null)
  const query = useInfiniteQuery(suppressionsQuery(q, reason))
  const columns = useColumns(canWrite ? setLifting : null)
  const options = useReasonOptions()
  const actions = canWrite ? (
    <>
      <Button icon={<ExportIcon aria-hidden="true" />} href="/api/suppressions/export" download>
        {t('cdp.consent.export')}
      </Button>
      <Button icon={<UploadIcon aria-hidden="true" />} onClick={() => setOpen('import')}>
        {t('cdp.consent.import')}
      </Button>
      <Button type="primary" icon={<PlusIcon aria-hidden="true" />} onClick={() => setOpen('form')}>
        {t('cdp.consent.add')}
      </Button>
    </>
  ) : null
  const empty = q ? (
    <EmptyState title={t('cdp.consent.noMatch')}>{t('cdp.consent.noMatchHint')}</EmptyState>
  ) : (
    <EmptyState title={t('cdp.consent.empty')}>{t('cdp.consent.emptyHint')}</EmptyState>
  )
  return (
    <Page title={t('cdp.consent.title')}>
      {canWrite ? (
        <Panel
          title={t('cdp.consent.consents.panel')}
          actions={
            <Button icon={<UploadIcon aria-hidden="true" />} onClick={() => setOpen('consents')}>
              {t('cdp.consent.consents.action')}
            </Button>
          }
        >
          <p className={styles.none}>{t('cdp.consent.consents.panelNote')}</p>
        </Panel>
      ) : null}
      <Panel title={t('cdp.consent.barred')} note={t('cdp.consent.note')} actions={actions} flush>
        <div className={styles.tools}>
          <Input.Search
            className={styles.search}
            allowClear
            aria-label={t('cdp.consent.search')}
            placeholder={t('cdp.consent.search')}
            onSearch={(typed) => setQ(typed.trim())}
          />
          <Select<Reason>
            className={styles.reasons}
            allowClear
            aria-label={t('cdp.consent.column.reason')}
            placeholder={t('cdp.consent.allReasons')}
            options={options}
            onChange={(chosen) => setReason(chosen ?? null)}
          />
        </div>
        <Loaded query={query} height={240}>
          {({ pages }) => (
            <DataTable
              label={t('cdp.consent.title')}
              columns={columns}
              rows={pages.flatMap(({ items }) => items)}
              rowKey={({ suppression_id: id }) => id}
              rowHeight={58}
              empty={empty}
            />
          )}
        </Loaded>
        {query.hasNextPage ? (
          <div className={styles.more}>
            <Button loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
              {t('cdp.consent.older')}
            </Button>
          </div>
        ) : null}
      </Panel>
      {open === 'form' ? <SuppressionForm onClose={() => setOpen(null)} /> : null}
      {open === 'consents' ? <ConsentsDialog onClose={() => setOpen(null)} /> : null}
      {open === 'import' ? <ImportDialog onClose={() => setOpen(null)} /> : null}
      {lifting ? <LiftForm row={lifting} onClose={() => setLifting(null)} /> : null}
    </Page>
  )
}

export default SuppressionsPage
