import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useT, useWord } from '@/kernel/i18n'
import { Button, Input, Loaded, Panel, Refusal, Select, useNotice } from '@/kernel/ui'
import { accountsQuery, type Price, pricesQuery, savePrices } from './queries'
import styles from './reach.module.css'

const PURPOSES = ['', 'marketing', 'transactional', 'service'] as const
const OPENS = ['', 'message', 'follow', 'tap', 'scan', 'enter', 'grant', 'comment'] as const

interface Account {
  account_id: number
  channel: string
  name: string
}

const placeOf = (price: Price) => `${price.channel}:${price.account_id ?? ''}`

const usePlaces = (accounts: Account[], prices: Price[]) => {
  const t = useT()
  const word = useWord()
  const channels = [...new Set([...accounts, ...prices].map(({ channel }) => channel))].sort()
  return channels.flatMap((channel) => [
    {
      value: `${channel}:`,
      label: t('operate.reach.rules.price.all', { channel: word('kernel.channel', channel) }),
    },
    ...accounts
      .filter((account) => account.channel === channel)
      .map(({ account_id: id, name }) => ({
        value: `${channel}:${id}`,
        label: `${word('kernel.channel', channel)} · ${name}`,
      })),
  ])
}

interface RowProps {
  price: Price
  places: { value: string; label: string }[]
  canWrite: boolean
  onChange: (part: Partial<Price>) => void
  onRemove: () => void
}

const Row = ({ price, places, canWrite, onChange, onRemove }: RowProps) => {
  const t = useT()
  const word = useWord()
  const move = (place: string) => {
    const [channel = '', id] = place.split(':')
    onChange({ channel, account_id: id ? Number(id) : null })
  }
  const label = {
    place: t('operate.reach.rules.price.for'),
    purpose: t('operate.reach.rules.price.purpose'),
    opens: t('operate.reach.rules.price.opens'),
    price: t('operate.reach.rules.price.price'),
    currency: t('operate.reach.rules.price.currency'),
  }
  return (
    <div className={styles.row}>
      <span className={styles.field}>
        {label.place}
        <Select
          aria-label={label.place}
          value={placeOf(price)}
          disabled={!canWrite}
          onChange={move}
          options={places}
        />
      </span>
      <span className={styles.field}>
        {label.purpose}
        <Select
          aria-label={label.purpose}
          value={price.purpose}
          disabled={!canWrite}
          onChange={(purpose) => onChange({ purpose })}
          options={PURPOSES.map((value) => ({
            value,
            label: t(`operate.reach.rules.price.${value || 'any'}`),
          }))}
        />
      </span>
      <span className={styles.field}>
        {label.opens}
        <Select
          aria-label={label.opens}
          value={price.opens}
          disabled={!canWrite}
          onChange={(opens) => onChange({ opens })}
          options={OPENS.map((value) => ({
            value,
            label: value ? word('operate.reach.rules.opens', value) : t('operate.reach.rules.price.always'),
          }))}
        />
      </span>
      <span className={styles.field}>
        {label.price}
        <Input
          aria-label={label.price}
          inputMode="decimal"
          value={price.price}
          disabled={!canWrite}
          onChange={({ target }) => onChange({ price: target.value.replace(',', '.') })}
        />
      </span>
      <span className={styles.field}>
        {label.currency}
        <Input
          aria-label={label.currency}
          maxLength={3}
          value={price.currency}
          disabled={!canWrite}
          onChange={({ target }) => onChange({ currency: target.value.toUpperCase() })}
        />
      </span>
      {canWrite ? <Button onClick={onRemove}>{t('operate.reach.rules.price.remove')}</Button> : null}
    </div>
  )
}

interface EditorProps {
  prices: Price[]
  accounts: Account[]
  canWrite: boolean
}

const Editor = ({ prices, accounts, canWrite }: EditorProps) => {
  const t = useT()
  const notice = useNotice()
  const [rows, setRows] = useState(() => prices.map((price, at) => ({ id: at, price })))
  const places = usePlaces(accounts, prices)
  const saving = useMutation({
    mutationFn: () => savePrices(rows.map(({ price }) => price)),
    onSuccess: () => notice.success(t('operate.reach.rules.price.saved')),
  })
  const add = () => {
    const [channel = ''] = (places[0]?.value ?? '').split(':')
    const currency = rows.at(-1)?.price.currency ?? 'USD'
    const price: Price = { channel, account_id: null, purpose: '', opens: '', currency, price: '0' }
    setRows([...rows, { id: Date.now(), price }])
  }
  return (
    <>
      {rows.length === 0 ? <p className={styles.hint}>{t('operate.reach.rules.price.none')}</p> : null}
      {rows.map(({ id, price }) => (
        <Row
          key={id}
          price={price}
          places={places}
          canWrite={canWrite}
          onChange={(part) =>
            setRows(rows.map((row) => (row.id === id ? { id, price: { ...row.price, ...part } } : row)))
          }
          onRemove={() => setRows(rows.filter((row) => row.id !== id))}
        />
      ))}
      {saving.error ? <Refusal error={saving.error} /> : null}
      {canWrite && places.length > 0 ? (
        <div className={styles.row}>
          <Button onClick={add}>{t('operate.reach.rules.price.add')}</Button>
          <Button type="primary" loading={saving.isPending} onClick={() => saving.mutate()}>
            {t('operate.reach.rules.price.save')}
          </Button>
        </div>
      ) : null}
    </>
  )
}

/** What messages cost, for the reports. */
export const PricesPanel = ({ canWrite }: { canWrite: boolean }) => {
  const t = useT()
  const prices = useQuery(pricesQuery)
  const accounts = useQuery(accountsQuery)
  return (
    <Panel title={t('operate.reach.rules.prices')} note={t('operate.reach.rules.pricesNote')}>
      <Loaded query={prices} height={120}>
        {({ items }) => (
          <Loaded query={accounts} height={120}>
            {(known) => <Editor prices={items} accounts={known.items} canWrite={canWrite} />}
          </Loaded>
        )}
      </Loaded>
    </Panel>
  )
}
