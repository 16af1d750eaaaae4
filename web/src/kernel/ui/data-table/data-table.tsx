import { type CSSProperties, useEffect, useMemo, useRef } from 'react'
import { useT } from '@/kernel/i18n'
import { ScrollRegion } from '../scroll-region'
import { Loading } from '../states'
import { useNarrow } from '../use-media'
import { BodyRow, type Ticking } from './body-row'
import styles from './data-table.module.css'
import { HeadCell } from './head-cell'
import { TickAll } from './tick-all'
import type { Choice, Column, DataTableProps } from './types'
import { useRowWindow } from './use-row-window'
import { heightOf } from './window'

const FLEXIBLE_WIDTH = 124
const TICK_WIDTH = 46
const NARROW_TICK_WIDTH = 40

const totalWidth = <Row,>(columns: Column<Row>[]) =>
  columns.reduce((sum, { width }) => sum + (width ?? FLEXIBLE_WIDTH), 0)

const tracks = <Row,>(columns: Column<Row>[]) =>
  columns.map(({ width }) => (width ? `${width}px` : `minmax(${FLEXIBLE_WIDTH}px, 1fr)`))

const shapeOf = <Row,>(columns: Column<Row>[], tickWidth: number) => {
  const ticks = tickWidth > 0 ? [`${tickWidth}px`] : []
  const minWidth = totalWidth(columns) + tickWidth
  return { minWidth, '--columns': [...ticks, ...tracks(columns)].join(' ') } as CSSProperties
}

const useTicking = <Row,>(choice: Choice<Row> | undefined): Ticking<Row> | undefined => {
  const { onChoose, label } = choice ?? {}
  return useMemo(() => (onChoose && label ? { onChoose, label } : undefined), [onChoose, label])
}

/** A table for short lists and for a million rows alike, of which only those in view need to be there. */
export const DataTable = <Row,>(props: DataTableProps<Row>) => {
  const { label, rows, rowKey, sort, onSort, onWindow, choice, empty } = props
  const { isVirtual = false, isLoading = false, rowHeight = 40 } = props
  const t = useT()
  const isNarrow = useNarrow()
  const columns = useMemo(
    () => (isNarrow ? props.columns.filter(({ isWideOnly }) => !isWideOnly) : props.columns),
    [isNarrow, props.columns],
  )
  const scroller = useRef<HTMLDivElement>(null)
  const { start, end, offset, shift } = useRowWindow(scroller, rows.length, rowHeight, isVirtual)
  const ticking = useTicking(choice)
  const tickWidth = ticking ? (isNarrow ? NARROW_TICK_WIDTH : TICK_WIDTH) : 0

  useEffect(() => onWindow?.(start, end), [start, end, onWindow])

  if (rows.length === 0 && !isLoading && empty) return <>{empty}</>
  // Laid out as a grid, a table is none to some browsers unless its parts say what they are.
  const role = (name: string) => (isVirtual ? name : undefined)
  // Rows share one style, and one number moves them all: a place of its own for each would cost each a style of its own.
  const space = isVirtual
    ? { height: heightOf(rows.length, rowHeight), paddingTop: Math.max(0, start * rowHeight - offset) }
    : undefined
  return (
    <ScrollRegion ref={scroller} className={styles.scroll} isVirtual={isVirtual} label={label}>
      <table
        className={styles.table}
        style={shapeOf(columns, tickWidth)}
        data-grid={isVirtual || undefined}
        role={role('table')}
        aria-label={label}
        aria-rowcount={rows.length + 1}
      >
        {isVirtual ? null : (
          <colgroup>
            {ticking ? <col style={{ width: tickWidth }} /> : null}
            {columns.map(({ key, width }) => (
              <col key={key} style={{ width }} />
            ))}
          </colgroup>
        )}
        <thead role={role('rowgroup')}>
          <tr role={role('row')} aria-rowindex={1}>
            {choice ? <TickAll all={choice.all} role={role('columnheader')} /> : null}
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
          {Array.from({ length: end - start }, (_, place) => {
            const index = start + place
            const row = rows.at(index)
            return (
              <BodyRow
                key={isVirtual || row === undefined ? index - shift : rowKey(row)}
                row={row}
                columns={columns}
                index={index}
                height={rowHeight}
                isVirtual={isVirtual}
                isChosen={row !== undefined && choice?.has(row) === true}
                ticking={ticking}
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
