import { type CSSProperties, useEffect, useMemo, useRef } from 'react'
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

const totalWidth = <Row,>(columns: Column<Row>[]) =>
  columns.reduce((sum, { width }) => sum + (width ?? FLEXIBLE_WIDTH), 0)

const tracks = <Row,>(columns: Column<Row>[]) =>
  columns.map(({ width }) => (width ? `${width}px` : `minmax(${FLEXIBLE_WIDTH}px, 1fr)`)).join(' ')

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
  const { start, end, shift } = useRowWindow(scroller, rows.length, rowHeight, isVirtual)
  const isNearEnd = end >= rows.length - NEAR_END_ROWS

  useEffect(() => {
    if (isNearEnd && !isLoading) onNearEnd?.()
  }, [isNearEnd, isLoading, onNearEnd])

  if (rows.length === 0 && !isLoading && empty) return <>{empty}</>
  // Laid out as a grid, a table is none to some browsers unless its parts say what they are.
  const role = (name: string) => (isVirtual ? name : undefined)
  const shape = { minWidth: totalWidth(columns), '--columns': tracks(columns) } as CSSProperties
  // Rows share one style, and one number moves them all: a place of its own for each would cost each a style of its own.
  const space = isVirtual ? { height: rows.length * rowHeight, paddingTop: start * rowHeight } : undefined
  return (
    <ScrollRegion ref={scroller} className={styles.scroll} isVirtual={isVirtual} label={label}>
      <table
        className={styles.table}
        style={shape}
        data-grid={isVirtual || undefined}
        role={role('table')}
        aria-label={label}
        aria-rowcount={total + 1}
      >
        {isVirtual ? null : (
          <colgroup>
            {columns.map(({ key, width }) => (
              <col key={key} style={{ width }} />
            ))}
          </colgroup>
        )}
        <thead role={role('rowgroup')}>
          <tr role={role('row')} aria-rowindex={1}>
            {columns.map((column) => (
              <HeadCell
                key={column.key}
                column={column}
                sort={sort}
                onSort={onSort}
                role={role('columnheader')}
              />
            ))}
          </tr>
        </thead>
        <tbody role={role('rowgroup')} style={space}>
          {rows.slice(start, end).map((row, place) => {
            const index = start + place
            return (
              <BodyRow
                key={isVirtual ? index - shift : rowKey(row)}
                row={row}
                columns={columns}
                rowIndex={index + 2}
                height={rowHeight}
                isVirtual={isVirtual}
              />
            )
          })}
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
