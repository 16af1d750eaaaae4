import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import {
  Button,
  type Column,
  DataTable,
  EmptyState,
  Form,
  FormDialog,
  Input,
  Loaded,
  Nothing,
  Page,
  Panel,
  Select,
  ShareBar,
  useNarrow,
} from '@/kernel/ui'
import { PlusIcon, SearchIcon, SettingsIcon } from '@/kernel/ui/icons'
import { ApprovalDialog } from './approval-dialog'
import styles from './broadcasts.module.css'
import { addBroadcast, broadcastsQuery, refreshBroadcasts } from './queries'
import { StateChip } from './state-chip'
import { type Broadcast, STATES, type Summary } from './types'
import { doneShare } from './view'

const route = getRouteApi('/shell/broadcasts')

const Name = ({ row }: { row: Summary }) => {
  const word = useWord()
  const isNarrow = useNarrow()
  const channels = row.channels.map((each) => word('operate.broadcasts.channels', each)).join(' → ')
  return (
    <span className={styles.stacked}>
      <Link to="/broadcasts/$broadcastId" params={{ broadcastId: String(row.broadcast_id) }}>
        {row.name}
      </Link>
      <span className={styles.hint}>{[row.audience_name, channels].filter(Boolean).join(' · ')}</span>
      {isNarrow ? (
        <span>
          <StateChip state={row.state} /> <When row={row} />
        </span>
      ) : null}
    </span>
  )
}

/** What comes next, or what was last. */
const When = ({ row }: { row: Summary }) => {
  const t = useT()
  const format = useFormats()
  const { state, next_at: next, finished_at: end, updated_at: changed } = row
  const text = end
    ? format.instant(end)
    : next && state !== 'draft'
      ? t('operate.broadcasts.time.next', { at: format.instant(next) })
      : t('operate.broadcasts.time.changed', { ago: format.ago(changed) })
  return <span className={styles.hint}>{text}</span>
}

const Gone = ({ row: { progress } }: { row: Summary }) => {
  const format = useFormats()
  if (!progress) return <Nothing />
  return (
    <ShareBar share={doneShare(progress)} figuresWidth={64}>
      {format.count(progress.sent + progress.task)}
    </ShareBar>
  )
}

const useColumns = (): Column<Summary>[] => {
  const t = useT()
  const format = useFormats()
  return [
    { key: 'name', title: t('operate.broadcasts.column.name'), render: (row) => <Name row={row} /> },
    {
      key: 'state',
      title: t('operate.broadcasts.column.state'),
      width: 130,
      isWideOnly: true,
      render: ({ state }) => <StateChip state={state} />,
    },
    {
      key: 'people',
      title: t('operate.broadcasts.column.people'),
      width: 110,
      isNumber: true,
      isWideOnly: true,
      render: ({ people }) => (people === null ? <Nothing /> : format.count(people)),
    },
    {
      key: 'progress',
      title: t('operate.broadcasts.column.progress'),
      width: 190,
      isWideOnly: true,
      render: (row) => <Gone row={row} />,
    },
    {
      key: 'time',
      title: t('operate.broadcasts.column.time'),
      width: 210,
      isWideOnly: true,
      render: (row) => <When row={row} />,
    },
  ]
}

const NewDialog = ({ onClose }: { onClose: () => void }) => {
  const t = useT()
  const navigate = useNavigate()
  return (
    <FormDialog<{ name: string }, Broadcast>
      title={t('operate.broadcasts.new')}
      verb={t('operate.broadcasts.create')}
      initial={{}}
      send={({ name }) => addBroadcast(name.trim())}
      onSent={({ broadcast_id: id }) => {
        void refreshBroadcasts()
        void navigate({ to: '/broadcasts/$broadcastId', params: { broadcastId: String(id) } })
      }}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t('operate.broadcasts.newName')}
        rules={[{ required: true, whitespace: true }]}
      >
        <Input maxLength={200} autoFocus placeholder={t('operate.broadcasts.newNameHint')} />
      </Form.Item>
    </FormDialog>
  )
}

interface RowsProps {
  rows: Summary[]
  more: React.ReactNode
}

const Rows = ({ rows, more }: RowsProps) => {
  const t = useT()
  const isNarrow = useNarrow()
  const columns = useColumns()
  return (
    <>
      <DataTable
        label={t('operate.broadcasts.title')}
        columns={columns}
        rows={rows}
        rowKey={({ broadcast_id: id }) => id}
        rowHeight={isNarrow ? 84 : 56}
        empty={<EmptyState title={t('operate.broadcasts.noMatch')} />}
      />
      {more}
    </>
  )
}

/** Every broadcast: how far it is, whom it reached, what comes next. */
const BroadcastsPage = () => {
  const t = useT()
  const canWrite = useCan('broadcasts:write')
  const { state, q } = route.useSearch()
  const navigate = route.useNavigate()
  const [dialog, setDialog] = useState<'new' | 'approval' | null>(null)
  const sought = useDeferredValue(q?.trim() || undefined)
  const query = useInfiniteQuery(broadcastsQuery({ state, q: sought }))
  const isFiltered = state !== undefined || sought !== undefined
  const close = () => setDialog(null)
  const tools = (
    <>
      <Button icon={<SettingsIcon />} onClick={() => setDialog('approval')}>
        {t('operate.broadcasts.review.settings')}
      </Button>
      {canWrite ? (
        <Button type="primary" icon={<PlusIcon />} onClick={() => setDialog('new')}>
          {t('operate.broadcasts.new')}
        </Button>
      ) : null}
    </>
  )
  return (
    <Page title={t('operate.broadcasts.title')} note={t('operate.broadcasts.note')} tools={tools}>
      <Loaded query={query} height={320}>
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items)
          if (rows.length === 0 && !isFiltered)
            return (
              <Panel title={t('operate.broadcasts.title')}>
                <EmptyState title={t('operate.broadcasts.empty')}>
                  {t('operate.broadcasts.emptyHint')}
                </EmptyState>
              </Panel>
            )
          const more = query.hasNextPage ? (
            <div className={styles.more}>
              <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t('operate.broadcasts.older')}
              </Button>
            </div>
          ) : null
          return (
            <section className={styles.list} aria-label={t('operate.broadcasts.title')}>
              <search className={styles.find}>
                <Input
                  className={styles.search}
                  prefix={<SearchIcon aria-hidden="true" />}
                  value={q ?? ''}
                  onChange={({ target }) =>
                    void navigate({ search: { state, q: target.value || undefined }, replace: true })
                  }
                  placeholder={t('operate.broadcasts.search')}
                  aria-label={t('operate.broadcasts.search')}
                  allowClear
                />
                <Select
                  className={styles.state}
                  allowClear
                  value={state}
                  onChange={(next) => void navigate({ search: { state: next, q }, replace: true })}
                  options={STATES.map((value) => ({ value, label: t(`operate.broadcasts.state.${value}`) }))}
                  placeholder={t('operate.broadcasts.filter.all')}
                  aria-label={t('operate.broadcasts.filter.label')}
                />
                <span role="status" className={styles.hint}>
                  {t('operate.broadcasts.total', { count: rows.length })}
                </span>
              </search>
              <Rows rows={rows} more={more} />
            </section>
          )
        }}
      </Loaded>
      {dialog === 'new' ? <NewDialog onClose={close} /> : null}
      {dialog === 'approval' ? <ApprovalDialog onClose={close} /> : null}
    </Page>
  )
}

export default BroadcastsPage
