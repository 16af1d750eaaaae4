import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
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
  Page,
  Segmented,
  useNarrow,
} from '@/kernel/ui'
import { PlusIcon } from '@/kernel/ui/icons'
import { LinkDialog } from './link-dialog'
import { LinkDrawer } from './link-drawer'
import styles from './links.module.css'
import { type From, type Link, linksQuery } from './queries'

const plain = (url: string) => url.replace(/^https?:\/\//, '')

const useColumns = (onOpen: (link: Link) => void): Column<Link>[] => {
  const t = useT()
  const { count } = useFormats()
  const isNarrow = useNarrow()
  const figure = (key: 'visits' | 'clean_visits' | 'people', width: number): Column<Link> => ({
    key,
    title: t(`operate.links.column.${key}`),
    width,
    isNumber: true,
    isWideOnly: key !== 'clean_visits',
    render: (link) => count(link[key]),
  })
  return [
    {
      key: 'name',
      title: t('operate.links.column.name'),
      render: (link) => (
        <span className={styles.stacked}>
          <button type="button" className={styles.open} onClick={() => onOpen(link)}>
            {link.name || plain(link.url)}
          </button>
          <span className={styles.hint}>{link.name ? plain(link.url) : link.template || link.code}</span>
        </span>
      ),
    },
    {
      key: 'from',
      title: t('operate.links.column.from'),
      width: 220,
      isWideOnly: true,
      render: ({ template, is_by_hand: byHand }) =>
        template || t(byHand ? 'operate.links.byHand' : 'operate.links.inMessage'),
    },
    {
      key: 'utm',
      title: 'UTM',
      width: 200,
      isWideOnly: true,
      render: ({ has_utm: hasUtm, utm }) => (
        <span className={styles.hint}>
          {hasUtm
            ? Object.values(utm).filter(Boolean).join(' / ') || t('operate.links.utm.auto')
            : t('operate.links.utm.none')}
        </span>
      ),
    },
    figure('clean_visits', isNarrow ? 90 : 120),
    figure('visits', 130),
    figure('people', 100),
    {
      key: 'made',
      title: t('operate.links.column.made'),
      width: 120,
      isWideOnly: true,
      render: ({ created_at: at }) => <DateTime at={at} style="date" />,
    },
  ]
}

/** Every address of our own that leads elsewhere and counts who came by. */
const LinksPage = () => {
  const t = useT()
  const canWrite = useCan('content:write')
  const [q, setQ] = useState('')
  const [from, setFrom] = useState<From>('all')
  const [isNew, setIsNew] = useState(false)
  const [shown, setShown] = useState<number | null>(null)
  const query = useInfiniteQuery(linksQuery(q, from))
  const columns = useColumns(({ link_id: id }) => setShown(id))
  const tools = canWrite ? (
    <Button type="primary" icon={<PlusIcon aria-hidden="true" />} onClick={() => setIsNew(true)}>
      {t('operate.links.new')}
    </Button>
  ) : null
  return (
    <Page title={t('operate.links.title')} note={t('operate.links.note')} tools={tools}>
      <section className={styles.list} aria-label={t('operate.links.title')}>
        <search className={styles.find}>
          <Input.Search
            className={styles.search}
            allowClear
            onSearch={(typed) => setQ(typed.trim())}
            placeholder={t('operate.links.search')}
            aria-label={t('operate.links.search')}
          />
          <Segmented
            value={from}
            onChange={setFrom}
            options={(['all', 'hand'] as const).map((value) => ({
              value,
              label: t(`operate.links.from.${value}`),
            }))}
          />
        </search>
        <Loaded query={query} height={280}>
          {({ pages }) => (
            <DataTable
              label={t('operate.links.title')}
              columns={columns}
              rows={pages.flatMap(({ items }) => items)}
              rowKey={({ link_id: id }) => id}
              rowHeight={56}
              empty={
                <EmptyState title={t(q ? 'operate.links.noMatch' : 'operate.links.empty')}>
                  {q ? undefined : t('operate.links.emptyHint')}
                </EmptyState>
              }
            />
          )}
        </Loaded>
        {query.hasNextPage ? (
          <div className={styles.more}>
            <Button loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
              {t('operate.links.older')}
            </Button>
          </div>
        ) : null}
      </section>
      {isNew ? (
        <LinkDialog
          onClose={() => setIsNew(false)}
          onSaved={({ link_id: id }) => {
            setIsNew(false)
            setShown(id)
          }}
        />
      ) : null}
      {shown === null ? null : <LinkDrawer linkId={shown} onClose={() => setShown(null)} />}
    </Page>
  )
}

export default LinksPage
