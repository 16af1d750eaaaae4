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

/** Every other four rows are still on their way. */
const SPARSE = {
  length: 100_000,
  at: (index: number) => (Math.floor(index / 4) % 2 ? undefined : MANY[index]),
}

const Choosing = () => {
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set([1, 2]))
  return (
    <div style={{ height: 320 }}>
      <DataTable
        label="People to choose from"
        columns={COLUMNS}
        rows={SPARSE}
        rowKey={({ id }) => id}
        isVirtual
        choice={{
          has: ({ id }) => chosen.has(id),
          onChoose: ({ id }, _, { isOn }) =>
            setChosen((now) => new Set(isOn ? [...now, id] : [...now].filter((each) => each !== id))),
          label: ({ name }) => `Choose ${name}`,
          all: {
            state: chosen.size > 0 ? 'some' : 'none',
            label: 'Choose everybody',
            onChange: () => setChosen(new Set()),
          },
        }}
      />
    </div>
  )
}

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

export const stories: Stories = {
  DataTable: Short,
  'DataTable, virtual': Long,
  'DataTable, sparse and with boxes': Choosing,
  'DataTable, empty': Empty,
}
