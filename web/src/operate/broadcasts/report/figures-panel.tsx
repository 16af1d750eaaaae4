import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { type Column, DataTable, Nothing, Panel } from '@/kernel/ui'
import styles from '../broadcasts.module.css'
import type { Report } from '../types'
import { rate } from '../view'

type Counts = Omit<Report['by_variant'][number], 'variant' | 'label'>
interface Row extends Counts {
  key: string
  name: string
}
const COLUMNS = [
  'delivered',
  'opened',
  'clicked',
  'replied',
  'converted',
  'bounced',
  'complained',
  'unsubscribed',
] as const
type Key = (typeof COLUMNS)[number]
// A long word as the title, or machines apart.
const WIDTHS: Partial<Record<Key, number>> = { opened: 166, clicked: 158, unsubscribed: 126 }

interface FigureProps {
  row: Row
  name: Key
}

/** A part of what was sent: its share first, then how many, and how many with machines. */
const Figure = ({ row, name }: FigureProps) => {
  const t = useT()
  const format = useFormats()
  const isSeen = name === 'opened' || name === 'clicked'
  const count = isSeen ? row[`${name}_clean`] : row[name]
  const share = rate(count, row.sent)
  if (share === null) return <Nothing />
  const raw =
    isSeen && row[name] !== count
      ? t('operate.broadcasts.report.raw', { shown: format.count(row[name]) })
      : ''
  return (
    <span className={styles.figure}>
      {format.share(share)}
      <small>{[format.count(count), raw].filter(Boolean).join(' · ')}</small>
    </span>
  )
}

const useColumns = (first: string): Column<Row>[] => {
  const t = useT()
  const format = useFormats()
  const figures = COLUMNS.map(
    (name): Column<Row> => ({
      key: name,
      title: t(`operate.broadcasts.report.column.${name}`),
      width: WIDTHS[name] ?? 100,
      isNumber: true,
      render: (row) => <Figure row={row} name={name} />,
    }),
  )
  return [
    { key: 'name', title: first, render: ({ name }) => name },
    {
      key: 'sent',
      title: t('operate.broadcasts.report.column.sent'),
      width: 84,
      isNumber: true,
      render: ({ sent }) => format.count(sent),
    },
    ...figures,
  ]
}

interface TableProps {
  title: string
  first: string
  rows: Row[]
}

const Table = ({ title, first, rows }: TableProps) => {
  const columns = useColumns(first)
  return <DataTable label={title} columns={columns} rows={rows} rowKey={({ key }) => key} rowHeight={56} />
}

interface FiguresPanelProps {
  figures: Report
  nameOfRoute: (place: number) => string
}

/** What people did with it, by variant and by way; clean figures before raw ones. */
export const FiguresPanel = ({
  figures: { by_variant: variants, by_route: routes, as_of },
  nameOfRoute,
}: FiguresPanelProps) => {
  const t = useT()
  const format = useFormats()
  const isTested = variants.length > 1
  const rows = variants.map((row): Row => {
    const name = isTested
      ? t('operate.broadcasts.report.variantName', { key: row.label || row.variant })
      : t('operate.broadcasts.report.onlyVariant')
    return { ...row, key: row.variant, name }
  })
  const title = t(isTested ? 'operate.broadcasts.report.byVariant' : 'operate.broadcasts.report.figures')
  const ways = routes.map((row, place): Row => ({ ...row, key: String(place), name: nameOfRoute(place) }))
  const note = t('operate.broadcasts.report.figuresNote')
  const asOf = t('operate.broadcasts.report.asOf', { time: format.instant(as_of) })
  return (
    <>
      <Panel title={title} note={`${note} ${asOf}`} flush>
        <Table title={title} first={t('operate.broadcasts.report.column.variant')} rows={rows} />
      </Panel>
      {ways.length > 1 ? (
        <Panel title={t('operate.broadcasts.report.byRoute')} flush>
          <Table
            title={t('operate.broadcasts.report.byRoute')}
            first={t('operate.broadcasts.report.column.way')}
            rows={ways}
          />
        </Panel>
      ) : null}
    </>
  )
}
