import { memo } from 'react'
import type { Column } from './types'

interface BodyRowProps<Row> {
  row: Row
  columns: Column<Row>[]
  /** Counted from one, the heading included. */
  rowIndex: number
  height: number
}

const Plain = <Row,>({ row, columns, rowIndex, height }: BodyRowProps<Row>) => (
  <tr aria-rowindex={rowIndex} style={{ height }}>
    {columns.map((column) => (
      <td key={column.key} data-number={column.isNumber || undefined}>
        {column.render(row)}
      </td>
    ))}
  </tr>
)

/** One row; drawn once and kept while the list scrolls past it. */
export const BodyRow = memo(Plain) as typeof Plain
