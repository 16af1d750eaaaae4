import { useEffect, useMemo, useRef } from 'react'
import { useT } from '@/kernel/i18n'
import { ScrollRegion } from '../scroll-region'
import { Loading } from '../states'
import { useNarrow } from '../use-media'
import { BodyRow } from './body-row'
import styles from './data-table.module.css'
import { HeadCell } from './head-cell'
import type { Column, DataTableProps } from './types'
import { useRowWindow } from './use-row-window'

const NEAR_END_ROWS = 80
const FLEXIBLE_WIDTH = 140

const Spacer = ({ height, columns }: { height: number; columns: number }) =>
  height > 0 ? (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row without content takes no focus.
    <tr aria-hidden="true">
      <td className={styles.spacer} colSpan={columns} style={{ height }} />
    </tr>
  ) : null

const totalWidth = <Row,>(columns: Column<Row>[]) =>
  columns.reduce((sum, { width }) => sum + (width ?? FLEXIBLE_WIDTH), 0)

/** A table for short lists and for a hundred thousand rows alike. */
export const DataTable = <Row,>(props: DataTableProps<Row>) => {
  const { label, rows, rowKey, sort, onSort, onNearEnd, empty } = props
  const { isVirtual = false, isLoading = false, rowHeight = 40, total = rows.length } = props
  const t = useT()
  const isNarrow = useNarrow()
  const columns = useMemo(
    () => (isNarrow ? props.columns.filter(({ isWideOnly }) => !isWideOnly) : props.columns),
    [isNarrow, props.columns],
  )
  const scroller = useRef<HTMLDivElement>(null)
  const { start, end } = useRowWindow(scroller, rows.length, rowHeight, isVirtual)
  const isNearEnd = end >= rows.length - NEAR_END_ROWS

  useEffect(() => {
    if (isNearEnd && !isLoading) onNearEnd?.()
  }, [isNearEnd, isLoading, onNearEnd])

  if (rows.length === 0 && !isLoading && empty) return <>{empty}</>
  return (
    <ScrollRegion ref={scroller} className={styles.scroll} isVirtual={isVirtual} label={label}>
      <table
        className={styles.table}
        style={{ minWidth: totalWidth(columns) }}
        aria-label={label}
        aria-rowcount={total + 1}
      >
        <colgroup>
          {columns.map(({ key, width }) => (
            <col key={key} style={{ width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer height={start * rowHeight} columns={columns.length} />
          {rows.slice(start, end).map((row, index) => (
            <BodyRow
              key={rowKey(row)}
              row={row}
              columns={columns}
              rowIndex={start + index + 2}
              height={rowHeight}
            />
          ))}
          <Spacer height={(rows.length - end) * rowHeight} columns={columns.length} />
        </tbody>
      </table>
      {isLoading ? (
        <div className={styles.loading}>
          {rows.length === 0 ? <Loading rows={6} /> : <span role="status">{t('kernel.ui.loading')}</span>}
        </div>
      ) : null}
    </ScrollRegion>
  )
}
