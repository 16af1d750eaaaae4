import { useQuery } from '@tanstack/react-query'
import { Fragment, useMemo, useState } from 'react'
import type { PathsReport } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import {
  type Column,
  DataTable,
  EmptyState,
  ExportMenu,
  Loaded,
  Money,
  Page,
  Panel,
  Select,
  useNarrow,
} from '@/kernel/ui'
import { pathsQuery } from '../queries'
import styles from './paths.module.css'

/** A way and its place in the list: two sources may bear the same name. */
type Path = PathsReport['paths'][number] & { rank: number }

const MOST = 50
const LOOKBACKS = [7, 14, 30, 60, 90] as const
const ARROW = ' → '

/** The channels of a way in their order. */
const Way = ({ channels }: { channels: string[] }) => {
  const t = useT()
  if (channels.length === 0) return <span className={styles.none}>{t('measure.reports.paths.direct')}</span>
  return (
    <span className={styles.way}>
      {channels.map((channel, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a stop is its place; a channel may be met twice.
        <Fragment key={index}>
          {index > 0 ? (
            <>
              <span aria-hidden="true">→</span>
              <span className="visually-hidden">, </span>
            </>
          ) : null}
          <span className={styles.stop}>{channel}</span>
        </Fragment>
      ))}
    </span>
  )
}

const usePathColumns = (currency: string, most: number): Column<Path>[] => {
  const t = useT()
  const format = useFormats()
  const isNarrow = useNarrow()
  return useMemo(
    () => [
      {
        key: 'way',
        title: t('measure.reports.paths.way'),
        render: ({ channels }) => <Way channels={channels} />,
      },
      {
        key: 'conversions',
        title: t('measure.reports.paths.orders'),
        width: isNarrow ? 76 : 190,
        isNumber: true,
        render: ({ conversions }) => (
          <span className={styles.share}>
            <span
              className={styles.bar}
              style={{ width: `${(70 * conversions) / most}px` }}
              aria-hidden="true"
            />
            {format.count(conversions)}
          </span>
        ),
      },
      {
        key: 'value',
        title: t('measure.reports.paths.value'),
        width: 130,
        isNumber: true,
        isWideOnly: true,
        render: ({ value_minor }) => <Money minor={value_minor} currency={currency} compact />,
      },
    ],
    [t, format, currency, most, isNarrow],
  )
}

const PathsPanel = ({ report, lookbackDays }: { report: PathsReport; lookbackDays: number }) => {
  const t = useT()
  const { paths, currency } = report
  const columns = usePathColumns(currency, Math.max(1, ...paths.map(({ conversions }) => conversions)))
  const twin = {
    columns: [
      { key: 'way', title: t('measure.reports.paths.way') },
      { key: 'conversions', title: t('measure.reports.paths.orders') },
      { key: 'value', title: t('measure.reports.paths.value') },
    ],
    rows: paths.map(({ channels, conversions, value_minor }) => ({
      way: channels.join(ARROW) || t('measure.reports.paths.direct'),
      conversions,
      value: value_minor,
    })),
  }
  return (
    <Panel
      title={t('measure.reports.paths.panel')}
      note={t('measure.reports.paths.note', { count: lookbackDays })}
      actions={paths.length > 0 ? <ExportMenu twin={twin} fileName="fanwheel-paths" figure={null} /> : null}
      flush
    >
      <DataTable
        label={t('measure.reports.paths.panel')}
        columns={columns}
        rows={paths.map((path, rank) => ({ ...path, rank }))}
        rowKey={({ rank }) => rank}
        rowHeight={46}
        empty={
          <EmptyState title={t('measure.reports.paths.empty')}>
            {t('measure.reports.paths.emptyHint')}
          </EmptyState>
        }
      />
    </Panel>
  )
}

/** The ways that buyers took through the channels. */
const PathsPage = () => {
  const t = useT()
  const [lookbackDays, setLookbackDays] = useState(30)
  const query = useQuery(pathsQuery(MOST, lookbackDays))
  return (
    <Page
      title={t('measure.reports.paths.title')}
      tools={
        <Select<number>
          className={styles.lookback}
          aria-label={t('measure.reports.paths.lookback')}
          prefix={t('measure.reports.paths.lookback')}
          value={lookbackDays}
          options={LOOKBACKS.map((value) => ({ value, label: t('measure.reports.days', { count: value }) }))}
          onChange={setLookbackDays}
        />
      }
    >
      <Loaded query={query} height={420}>
        {(report) => <PathsPanel report={report} lookbackDays={lookbackDays} />}
      </Loaded>
    </Page>
  )
}

export default PathsPage
