import { memo } from 'react'
import styles from './data-table.module.css'
import type { Choice, Column } from './types'

/** What a row's box needs; the same for all rows, so that a tick draws only its own. */
export type Ticking<Row> = Pick<Choice<Row>, 'onChoose' | 'label'>

interface BodyRowProps<Row> {
  /** Nothing while it is on its way. */
  row: Row | undefined
  columns: Column<Row>[]
  /** Its place in the list, counted from nought. */
  index: number
  height: number
  isVirtual: boolean
  isChosen: boolean
  ticking: Ticking<Row> | undefined
}

const Plain = <Row,>({ row, columns, index, height, isVirtual, isChosen, ticking }: BodyRowProps<Row>) => {
  const role = isVirtual ? 'cell' : undefined
  return (
    <tr
      role={isVirtual ? 'row' : undefined}
      // Counted from one, the heading included.
      aria-rowindex={index + 2}
      style={{ height }}
      data-absent={row === undefined || undefined}
      data-chosen={isChosen || undefined}
    >
      {ticking ? (
        <td role={role} className={styles.tick}>
          {row === undefined ? null : (
            <input
              type="checkbox"
              checked={isChosen}
              aria-label={ticking.label(row)}
              onChange={({ target, nativeEvent }) =>
                ticking.onChoose(row, index, {
                  isOn: target.checked,
                  isRange: nativeEvent instanceof MouseEvent && nativeEvent.shiftKey,
                })
              }
            />
          )}
        </td>
      ) : null}
      {columns.map((column) => (
        <td key={column.key} role={role} data-number={column.isNumber || undefined}>
          {row === undefined ? null : column.render(row)}
        </td>
      ))}
    </tr>
  )
}

/** One row; drawn once and kept while the list scrolls past it. */
export const BodyRow = memo(Plain) as typeof Plain
