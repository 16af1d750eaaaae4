import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { Button, EmptyState, Input, Loaded, Modal } from '@/kernel/ui'
import { type Extra, orderExtra, orderText } from './extras'
import styles from './inbox.module.css'
import { type Order, orderQuery, ordersQuery } from './queries'

interface OrderDialogProps {
  personId: number
  onText: (text: string) => void
  onPick: (extra: Extra) => void
  onClose: () => void
}

const Row = ({
  order,
  isOthers,
  onText,
  onPick,
}: { order: Order; isOthers: boolean } & Pick<OrderDialogProps, 'onText' | 'onPick'>) => {
  const t = useT()
  const word = useWord()
  const format = useFormats()
  const status = word('operate.inbox.order.status', order.status)
  const [head = '', ...lines] = orderText(order, status, format).split('\n')
  return (
    <li className={styles.order}>
      <strong>{head}</strong>
      {lines.map((line) => (
        <span key={line} className={styles.excerpt}>
          {line}
        </span>
      ))}
      {isOthers ? <span className={styles.warning}>{t('operate.inbox.order.others')}</span> : null}
      <span className={styles.ends}>
        <Button size="small" onClick={() => onText([head, ...lines].join('\n'))}>
          {t('operate.inbox.order.asText')}
        </Button>
        <Button size="small" onClick={() => onPick(orderExtra(order, status, format))}>
          {t('operate.inbox.order.asCard')}
        </Button>
      </span>
    </li>
  )
}

/** The person's orders, and any order by its number, to be put into the answer. */
export const OrderDialog = ({ personId, onText, onPick, onClose }: OrderDialogProps) => {
  const t = useT()
  const [sought, setSought] = useState('')
  const own = useQuery(ordersQuery(personId))
  const found = useQuery(orderQuery(sought))
  const act = {
    onText: (text: string) => {
      onText(text)
      onClose()
    },
    onPick: (extra: Extra) => {
      onPick(extra)
      onClose()
    },
  }
  return (
    <Modal open title={t('operate.inbox.order.title')} footer={null} onCancel={onClose} width={560}>
      <div className={styles.stack}>
        <Input.Search
          autoFocus
          allowClear
          placeholder={t('operate.inbox.order.search')}
          aria-label={t('operate.inbox.order.search')}
          loading={found.isFetching}
          onSearch={(typed) => setSought(typed.trim())}
        />
        {sought && found.isError ? (
          <EmptyState title={t('operate.inbox.order.none', { number: sought })} />
        ) : null}
        {sought && found.data ? (
          <ul className={styles.picks}>
            <Row order={found.data} isOthers={found.data.person_id !== personId} {...act} />
          </ul>
        ) : (
          <Loaded query={own} height={120}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState title={t('operate.inbox.order.noOwn')} />
              ) : (
                <ul className={styles.picks}>
                  {items.map((order) => (
                    <Row key={order.order_id} order={order} isOthers={false} {...act} />
                  ))}
                </ul>
              )
            }
          </Loaded>
        )}
      </div>
    </Modal>
  )
}
