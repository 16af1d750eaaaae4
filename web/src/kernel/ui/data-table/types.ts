import type { Key, ReactNode } from 'react'

export interface Column<Row> {
  key: string
  title: string
  render: (row: Row) => ReactNode
  /** Pixels. Columns without one share what is left. */
  width?: number
  /** Numbers stand at the right. */
  isNumber?: boolean
  isSortable?: boolean
  /** Left out on a phone. */
  isWideOnly?: boolean
}

export interface Sort {
  key: string
  isDescending: boolean
}

export interface DataTableProps<Row> {
  /** What the table lists, for screen readers. */
  label: string
  columns: Column<Row>[]
  rows: Row[]
  rowKey: (row: Row) => Key
  /** Draw only the rows in view. The table then fills its parent's height and scrolls by itself. */
  isVirtual?: boolean
  rowHeight?: number
  /** How many rows there are in all, when not all have been fetched. */
  total?: number
  sort?: Sort
  onSort?: (sort: Sort) => void
  /** Called when the last fetched row comes near. */
  onNearEnd?: () => void
  isLoading?: boolean
  /** Shown instead of rows when there are none. */
  empty?: ReactNode
}
