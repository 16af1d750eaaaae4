import { useMemo } from 'react'
import type { Order, Person } from '@/kernel/api'
import { useT, useWord } from '@/kernel/i18n'
import { type Column, DataTable, DateTime, EmptyState, Money, Nothing, Panel } from '@/kernel/ui'

/** The latest orders of a person, in the currencies they were paid in. */
export const OrdersPanel = ({ person }: { person: Person }) => {
  const t = useT()
  const word = useWord()
  const columns = useMemo<Column<Order>[]>(
    () => [
      { key: 'order', title: t('cdp.people.orders.order'), render: (order) => order.order_id },
      {
        key: 'placed',
        title: t('cdp.people.orders.placed'),
        width: 180,
        render: (order) => <DateTime at={order.placed_at} />,
      },
      {
        key: 'status',
        title: t('cdp.people.orders.status'),
        width: 110,
        render: (order) => word('cdp.people.orderStatus', order.status),
      },
      {
        key: 'coupon',
        title: t('cdp.people.orders.coupon'),
        width: 110,
        isWideOnly: true,
        render: (order) => order.coupon || <Nothing />,
      },
      {
        key: 'refunded',
        title: t('cdp.people.orders.refunded'),
        width: 110,
        isNumber: true,
        isWideOnly: true,
        render: (order) =>
          order.refunded_minor > 0 ? (
            <Money minor={order.refunded_minor} currency={order.currency} />
          ) : (
            <Nothing />
          ),
      },
      {
        key: 'net',
        title: t('cdp.people.orders.net'),
        width: 124,
        isNumber: true,
        render: (order) => <Money minor={order.net_minor} currency={order.currency} />,
      },
    ],
    [t, word],
  )
  const note =
    person.order_count > person.orders.length
      ? t('cdp.people.orders.latest', { count: person.orders.length })
      : undefined
  return (
    <Panel title={t('cdp.people.tab.orders')} note={note} flush>
      <DataTable
        label={t('cdp.people.tab.orders')}
        columns={columns}
        rows={person.orders}
        rowKey={(order) => order.order_id}
        empty={<EmptyState title={t('cdp.people.orders.empty')} />}
      />
    </Panel>
  )
}
