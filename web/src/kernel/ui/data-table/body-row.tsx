import { memo } from 'react'
import type { Column } from './types'

interface BodyRowProps<Row> {
  row: Row
  columns: Column<Row>[]
  /** Counted from one, the heading included. */
  rowIndex: number
  height: number
  isVirtual: boolean
}

const Plain = <Row,>({ row, columns, rowIndex, height, isVirtual }: BodyRowProps<Row>) => (
  <tr role={isVirtual ? 'row' : undefined} aria-rowindex={rowIndex} style={{ height }}>
    {columns.map((column) => (
      <td key={column.key} role={isVirtual ? 'cell' : undefined} data-number={column.isNumber || undefined}>
        {column.render(row)}
      </td>
    ))}
  </tr>
)

/** One row; drawn once and kept while the list scrolls past it. */
export const BodyRow = memo(Plain) as typeof Plain
