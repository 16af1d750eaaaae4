import { useT } from '@/kernel/i18n'
import { type Cell, toCsv } from './export/csv'
import { ScrollRegion } from './scroll-region'
import styles from './twin-table.module.css'
import { Nothing } from './values'

export interface TwinColumn {
  key: string
  title: string
  /** How the cell reads on screen; CSV keeps the plain value. */
  format?: (value: NonNullable<Cell>) => string
  /** Numbers stand at the right. */
  isNumber?: boolean
}

/** A figure's data as a table. */
export interface Twin {
  columns: TwinColumn[]
  rows: Record<string, Cell>[]
}

/** Headings and plain values, ready for a spreadsheet. */
export const twinToCsv = ({ columns, rows }: Twin): string =>
  toCsv([columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ key }) => row[key]))])

const cellText = (column: TwinColumn, value: Cell) => {
  if (value === null || value === undefined || value === '') return <Nothing />
  return column.format ? column.format(value) : String(value)
}

interface TwinTableProps {
  twin: Twin
  labelledBy: string
}

/** The table behind a figure: for screen readers, for copying, for looking closely. */
export const TwinTable = ({ twin: { columns, rows }, labelledBy }: TwinTableProps) => {
  const t = useT()
  return (
    <ScrollRegion className={styles.scroll} label={t('kernel.ui.tableRegion')}>
      <table className={styles.table} aria-labelledby={labelledBy}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" data-number={column.isNumber || undefined}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a twin have no identity but their place.
            <tr key={index}>
              {columns.map((column) => (
                <td key={column.key} data-number={column.isNumber || undefined}>
                  {cellText(column, row[column.key])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
