import { useState } from 'react'
import type { Stories } from '../story'
import { DataTable } from './data-table'
import type { Column, Sort } from './types'

interface Row {
  id: number
  name: string
  orders: number
}

const COLUMNS: Column<Row>[] = [
  { key: 'name', title: 'Name', render: ({ id, name }) => <a href={`#data-table/${id}`}>{name}</a> },
  { key: 'city', title: 'City', width: 120, isWideOnly: true, render: () => '杭州' },
  {
    key: 'orders',
    title: 'Orders',
    width: 120,
    isNumber: true,
    isSortable: true,
    render: ({ orders }) => orders,
  },
]

const rows = (count: number): Row[] =>
  Array.from({ length: count }, (_, index) => ({
    id: index,
    name: `Person ${index}`,
    orders: (index * 7) % 23,
  }))

const Short = () => {
  const [sort, setSort] = useState<Sort>({ key: 'orders', isDescending: true })
  const sign = sort.isDescending ? -1 : 1
  const sorted = rows(4).sort((one, other) => sign * (one.orders - other.orders))
  return (
    <DataTable
      label="Four people"
      columns={COLUMNS}
      rows={sorted}
      rowKey={({ id }) => id}
      sort={sort}
      onSort={setSort}
    />
  )
}

const MANY = rows(100_000)

const Long = () => (
  <div style={{ height: 260 }}>
    <DataTable
      label="A hundred thousand people"
      columns={COLUMNS}
      rows={MANY}
      rowKey={({ id }) => id}
      isVirtual
    />
  </div>
)

const Empty = () => (
  <>
    <DataTable
      label="Nobody"
      columns={COLUMNS}
      rows={[]}
      rowKey={({ id }) => id}
      empty={<p>Nobody matches</p>}
    />
    <DataTable label="On their way" columns={COLUMNS} rows={[]} rowKey={({ id }) => id} isLoading />
  </>
)

export const stories: Stories = { DataTable: Short, 'DataTable, virtual': Long, 'DataTable, empty': Empty }
