import styles from './data-table.module.css'
import type { Column, Sort } from './types'

interface HeadCellProps<Row> {
  column: Column<Row>
  sort?: Sort
  onSort?: (sort: Sort) => void
  role?: string
}

/** A column's heading; a button when the column can be sorted by. */
export const HeadCell = <Row,>({ column, sort, onSort, role }: HeadCellProps<Row>) => {
  const isSorted = sort?.key === column.key
  const direction = isSorted ? (sort.isDescending ? 'descending' : 'ascending') : undefined
  const arrow = direction === 'descending' ? '▼' : direction === 'ascending' ? '▲' : '↕'
  const toggle = () => onSort?.({ key: column.key, isDescending: isSorted ? !sort.isDescending : true })
  return (
    <th scope="col" role={role} data-number={column.isNumber || undefined} aria-sort={direction}>
      {column.isSortable && onSort ? (
        <button type="button" className={styles.sort} data-sorted={isSorted || undefined} onClick={toggle}>
          {column.title}
          <span aria-hidden="true">{arrow}</span>
        </button>
      ) : (
        column.title
      )}
    </th>
  )
}
