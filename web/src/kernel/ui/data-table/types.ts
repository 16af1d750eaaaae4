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

/** Rows of which some may still be on their way; an array is one whose rows are all there. */
export interface Rows<Row> {
  readonly length: number
  at: (index: number) => Row | undefined
}

/** Boxes to tick at the left of the rows. What is ticked is remembered by whoever gives this. */
export interface Choice<Row> {
  has: (row: Row) => boolean
  /** A box was turned on or off; with `isRange` all from the one before it on are meant. */
  onChoose: (row: Row, index: number, change: { isOn: boolean; isRange: boolean }) => void
  /** What a row's box is called by screen readers. */
  label: (row: Row) => string
  /** The box above all others. */
  all: { state: 'none' | 'some' | 'all'; label: string; onChange: (isOn: boolean) => void }
}

export interface DataTableProps<Row> {
  /** What the table lists, for screen readers. */
  label: string
  columns: Column<Row>[]
  rows: Rows<Row>
  rowKey: (row: Row) => Key
  /** Draw only the rows in view. The table then fills its parent's height and scrolls by itself. */
  isVirtual?: boolean
  rowHeight?: number
  sort?: Sort
  onSort?: (sort: Sort) => void
  /** Called with the rows drawn, from the first to before the last, whenever they change. */
  onWindow?: (start: number, end: number) => void
  choice?: Choice<Row>
  isLoading?: boolean
  /** Shown instead of rows when there are none. */
  empty?: ReactNode
}
