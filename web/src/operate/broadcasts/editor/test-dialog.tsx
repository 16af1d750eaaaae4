import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import type { Schemas } from '@/kernel/api'
import { useT, useWord } from '@/kernel/i18n'
import { Button, Modal, Refusal, Select } from '@/kernel/ui'
import styles from '../broadcasts.module.css'
import { findPeopleQuery, intentQuery, tryBroadcast } from '../queries'
import { Field } from './field'

type Sent = Schemas['BroadcastTrialMessage']

const Outcome = ({ message, name }: { message: Sent; name: string }) => {
  const t = useT()
  const word = useWord()
  const { data } = useQuery(intentQuery(message.intent_id))
  const state = data?.state ?? 'waiting'
  return (
    <li>
      <span>
        <Link to="/people/$personId" params={{ personId: String(message.person_id) }} target="_blank">
          {name}
        </Link>{' '}
        · {word('operate.broadcasts.channels', message.channel)}
      </span>
      <span>
        {word('operate.broadcasts.intent', state)}
        {data?.rule && state !== 'sent' ? (
          <span className={styles.hint}> · {word('operate.broadcasts.rule', data.rule)}</span>
        ) : null}
      </span>
      {state === 'waiting' ? <span className={styles.hint}>{t('operate.broadcasts.test.waits')}</span> : null}
    </li>
  )
}

interface TestDialogProps {
  id: number
  /** Have what is written saved before it is sent. */
  ready: () => Promise<number>
  onClose: () => void
}

/** Send it to a few people, and see what becomes of each message. */
export const TestDialog = ({ id, ready, onClose }: TestDialogProps) => {
  const t = useT()
  const [q, setQ] = useState('')
  const [people, setPeople] = useState<{ value: number; label: string }[]>([])
  const { data: found = [] } = useQuery(findPeopleQuery(useDeferredValue(q)))
  const sending = useMutation({
    mutationFn: async () => {
      await ready()
      return tryBroadcast(
        id,
        people.map(({ value }) => value),
      )
    },
  })
  const nameOf = (personId: number) => people.find(({ value }) => value === personId)?.label ?? `#${personId}`
  const items = sending.data?.items ?? []
  return (
    <Modal
      open
      title={t('operate.broadcasts.test.title')}
      onCancel={onClose}
      footer={[
        <Button key="close" onClick={onClose}>
          {t('kernel.ui.close')}
        </Button>,
        <Button
          key="send"
          type="primary"
          disabled={people.length === 0}
          loading={sending.isPending}
          onClick={() => sending.mutate()}
        >
          {t(items.length > 0 ? 'operate.broadcasts.test.again' : 'operate.broadcasts.test.send')}
        </Button>,
      ]}
    >
      <p className={styles.hint}>{t('operate.broadcasts.test.note')}</p>
      <Field label={t('operate.broadcasts.test.people')}>
        <Select
          mode="multiple"
          labelInValue
          autoFocus
          maxCount={20}
          showSearch={{ filterOption: false, onSearch: setQ }}
          value={people}
          options={found}
          placeholder={t('operate.broadcasts.test.peopleHint')}
          notFoundContent={t('operate.broadcasts.test.noPeople')}
          onChange={(chosen) =>
            setPeople(chosen.map(({ value, label }) => ({ value, label: String(label) })))
          }
        />
      </Field>
      <Refusal error={sending.error} />
      {items.length > 0 ? (
        <>
          <h3 className={styles.subtitle}>{t('operate.broadcasts.test.sent')}</h3>
          <ul className={styles.people} aria-live="polite">
            {items.map((message) => (
              <Outcome key={message.intent_id} message={message} name={nameOf(message.person_id)} />
            ))}
          </ul>
        </>
      ) : null}
    </Modal>
  )
}
