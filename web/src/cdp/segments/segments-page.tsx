import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import {
  Button,
  type Column,
  DataTable,
  DateTime,
  EmptyState,
  Input,
  Loaded,
  Nothing,
  Page,
  Panel,
  useNarrow,
} from '@/kernel/ui'
import { PlusIcon, SearchIcon } from '@/kernel/ui/icons'
import { Movement } from './movement'
import { segmentsQuery } from './queries'
import styles from './segments.module.css'
import { sayRule } from './sentence/sentence'
import { StatusMark } from './status-mark'
import { TemplateGallery } from './template-gallery'
import { useWords } from './use-words'
import type { SegmentItem } from './view'

const useColumns = (): Column<SegmentItem>[] => {
  const t = useT()
  const format = useFormats()
  const words = useWords()
  const isNarrow = useNarrow()
  return useMemo(
    () => [
      {
        key: 'name',
        title: t('cdp.segments.column.name'),
        width: isNarrow ? undefined : 230,
        render: ({ segment_id: id, name, status }) => (
          <span className={styles.name}>
            <Link to="/segments/$segmentId" params={{ segmentId: String(id) }}>
              {name}
            </Link>
            {isNarrow ? <StatusMark status={status} /> : null}
          </span>
        ),
      },
      {
        key: 'rule',
        title: t('cdp.segments.column.rule'),
        isWideOnly: true,
        render: ({ rule }) => {
          const sentence = sayRule(words, rule)
          return (
            <span className={styles.sentence} title={sentence}>
              {sentence}
            </span>
          )
        },
      },
      {
        key: 'size',
        title: t('cdp.segments.column.size'),
        width: 92,
        isNumber: true,
        render: ({ size, built_at: at }) => (at ? format.count(size) : <Nothing />),
      },
      {
        key: 'week',
        title: t('cdp.segments.column.week'),
        width: 110,
        isNumber: true,
        render: (segment) => <Movement segment={segment} />,
      },
      {
        key: 'status',
        title: t('cdp.segments.column.status'),
        width: 112,
        isWideOnly: true,
        render: ({ status }) => <StatusMark status={status} />,
      },
      {
        key: 'updated',
        title: t('cdp.segments.column.updated'),
        width: 140,
        isWideOnly: true,
        render: ({ updated_at: at }) => <DateTime at={at} style="ago" />,
      },
    ],
    [t, format, words, isNarrow],
  )
}

const Table = ({ segments }: { segments: SegmentItem[] }) => {
  const t = useT()
  const [text, setText] = useState('')
  const columns = useColumns()
  const isNarrow = useNarrow()
  const sought = text.trim().toLowerCase()
  const rows = segments.filter(({ name, description }) =>
    `${name} ${description}`.toLowerCase().includes(sought),
  )
  return (
    <>
      <search className={styles.search}>
        <Input
          prefix={<SearchIcon aria-hidden="true" />}
          value={text}
          onChange={({ target }) => setText(target.value)}
          placeholder={t('cdp.segments.list.search')}
          aria-label={t('cdp.segments.list.search')}
          allowClear
        />
        <span role="status" className={styles.total}>
          {t('cdp.segments.list.total', { count: rows.length })}
        </span>
      </search>
      <DataTable
        label={t('cdp.segments.title')}
        columns={columns}
        rows={rows}
        rowKey={({ segment_id: id }) => id}
        rowHeight={isNarrow ? 58 : 46}
        empty={<EmptyState title={t('cdp.segments.list.noMatch')} />}
      />
    </>
  )
}

/** Every segment: what it asks, how many are in it, how that changed. */
const SegmentsPage = () => {
  const t = useT()
  const navigate = useNavigate()
  const canWrite = useCan('segments:write')
  const query = useQuery(segmentsQuery)
  const begin = (template?: string) => void navigate({ to: '/segments/new', search: { template } })
  const add = canWrite ? (
    <Button type="primary" icon={<PlusIcon />} onClick={() => begin()}>
      {t('cdp.segments.list.add')}
    </Button>
  ) : null
  return (
    <Page title={t('cdp.segments.title')} note={t('cdp.segments.list.note')} tools={add}>
      <Loaded query={query} height={320}>
        {({ items }) => (
          <>
            {items.length > 0 ? (
              <section className={styles.list} aria-label={t('cdp.segments.title')}>
                <Table segments={items} />
              </section>
            ) : (
              <Panel title={t('cdp.segments.list.empty')}>
                <EmptyState title={t('cdp.segments.list.emptyTitle')}>
                  {t('cdp.segments.list.emptyHint')}
                </EmptyState>
              </Panel>
            )}
            {canWrite ? <TemplateGallery onChoose={begin} /> : null}
          </>
        )}
      </Loaded>
    </Page>
  )
}

export default SegmentsPage
