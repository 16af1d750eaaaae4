import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Form, FormDialog, Input, Segmented, Select } from '@/kernel/ui'
import styles from './bulk.module.css'
import { type Action, type Doing, listsQuery } from './queries'
import type { DialogProps } from './tag-dialog'

interface Fields {
  list_id?: number
  new_list?: string
}

const ListField = () => {
  const t = useT()
  const format = useFormats()
  const [typed, setTyped] = useState('')
  const sought = useDeferredValue(typed.trim())
  const { data, isPending } = useQuery({ ...listsQuery(sought), placeholderData: (before) => before })
  return (
    <Form.Item
      name="list_id"
      label={t('cdp.bulk.list.list')}
      rules={[{ required: true, message: t('cdp.bulk.list.needed') }]}
    >
      <Select<number, { value: number; label: string; people: string }>
        autoFocus
        loading={isPending}
        notFoundContent={t('cdp.bulk.list.none')}
        showSearch={{ onSearch: setTyped, filterOption: false }}
        options={data?.items.map(({ list_id: value, name: label, size }) => ({
          value,
          label,
          people: format.count(size),
        }))}
        optionRender={({ data: option, label }) => (
          <span className={styles.option}>
            {label}
            <span>{option.people}</span>
          </span>
        )}
      />
    </Form.Item>
  )
}

/** On which list to put people, or off which to take them. */
export const ListDialog = (props: DialogProps & { isOff: boolean }) => {
  const { whom, send, onSent, onClose, isOff } = props
  const t = useT()
  const canMake = useCan('segments:write') && !isOff
  const [isNew, setIsNew] = useState(false)
  const toDoing = ({ list_id, new_list }: Fields): Doing => {
    if (isOff) return { what: 'remove_from_list', list_id: list_id ?? 0 }
    return isNew ? { what: 'add_to_list', new_list } : { what: 'add_to_list', list_id }
  }
  return (
    <FormDialog<Fields, Action>
      title={t(isOff ? 'cdp.bulk.list.offTitle' : 'cdp.bulk.list.title', { whom })}
      verb={t(isOff ? 'cdp.bulk.list.offVerb' : 'cdp.bulk.list.verb')}
      initial={{}}
      send={(fields) => send(toDoing(fields))}
      onSent={onSent}
      onClose={onClose}
    >
      {canMake ? (
        <Form.Item>
          <Segmented<boolean>
            block
            value={isNew}
            aria-label={t('cdp.bulk.list.which')}
            options={[
              { value: false, label: t('cdp.bulk.list.existing') },
              { value: true, label: t('cdp.bulk.list.new') },
            ]}
            onChange={setIsNew}
          />
        </Form.Item>
      ) : null}
      {isNew ? (
        <Form.Item
          name="new_list"
          label={t('cdp.bulk.list.name')}
          rules={[{ required: true, whitespace: true, message: t('cdp.bulk.list.nameNeeded') }]}
        >
          <Input
            autoFocus
            maxLength={200}
            autoComplete="off"
            placeholder={t('cdp.bulk.list.namePlaceholder')}
          />
        </Form.Item>
      ) : (
        <ListField />
      )}
    </FormDialog>
  )
}
