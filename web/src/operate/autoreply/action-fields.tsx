import { useQuery } from '@tanstack/react-query'
import { useT } from '@/kernel/i18n'
import { Input, Select } from '@/kernel/ui'
import styles from './autoreply.module.css'
import { Field } from './field'
import { formsQuery, menusQuery } from './queries'
import type { Action } from './types'

interface ActionFieldsProps<A extends Action = Action> {
  action: A
  onChange: (action: Action) => void
}

const TextBox = ({
  value,
  label,
  onChange,
}: {
  value: string
  label: string
  onChange: (text: string) => void
}) => (
  <Field label={label}>
    <Input.TextArea
      value={value}
      maxLength={2000}
      autoSize={{ minRows: 2, maxRows: 8 }}
      onChange={({ target }) => onChange(target.value)}
    />
  </Field>
)

const CardFields = ({ action, onChange }: ActionFieldsProps<Extract<Action, { do: 'card' }>>) => {
  const t = useT()
  const box = (name: 'title' | 'text' | 'url' | 'image_url') => (
    <Field label={t(`operate.autoreply.card.${name}`)}>
      <Input
        value={action[name] ?? ''}
        onChange={({ target }) =>
          onChange({ ...action, [name]: target.value || (name === 'title' ? '' : null) })
        }
      />
    </Field>
  )
  return (
    <>
      {box('title')}
      <Field label={t('operate.autoreply.card.text')}>
        <Input
          value={action.text ?? ''}
          onChange={({ target }) => onChange({ ...action, text: target.value })}
        />
      </Field>
      <div className={styles.pair}>
        {box('url')}
        {box('image_url')}
      </div>
    </>
  )
}

const MenuFields = ({ action, onChange }: ActionFieldsProps<Extract<Action, { do: 'menu' }>>) => {
  const t = useT()
  const { data } = useQuery(menusQuery)
  return (
    <Field label={t('operate.autoreply.action.menu')}>
      <Select
        value={action.menu_id || undefined}
        options={data?.items.map(({ menu_id: value, name }) => ({ value, label: name }))}
        onChange={(menuId) => onChange({ ...action, menu_id: menuId })}
      />
    </Field>
  )
}

const LeadFields = ({ action, onChange }: ActionFieldsProps<Extract<Action, { do: 'lead' }>>) => {
  const t = useT()
  const { data } = useQuery(formsQuery)
  return (
    <div className={styles.pair}>
      <Field label={t('operate.autoreply.form')}>
        <Select
          value={action.form_id || undefined}
          options={data?.items.map(({ form_id: value, name }) => ({ value, label: name }))}
          onChange={(formId) => onChange({ ...action, form_id: formId })}
        />
      </Field>
      <Field label={t('operate.autoreply.cardId')}>
        <Input
          value={action.card_id ?? ''}
          onChange={({ target }) => onChange({ ...action, card_id: target.value.trim() })}
        />
      </Field>
    </div>
  )
}

/** What an action asks for. */
export const ActionFields = ({ action, onChange }: ActionFieldsProps) => {
  const t = useT()
  switch (action.do) {
    case 'text':
      return (
        <>
          <TextBox
            value={action.text}
            label={t('operate.autoreply.text')}
            onChange={(text) => onChange({ ...action, text })}
          />
          <p className={styles.hint}>{t('operate.autoreply.blanks', { open: '{{', close: '}}' })}</p>
        </>
      )
    case 'coupon':
      return (
        <>
          <TextBox
            value={action.text}
            label={t('operate.autoreply.couponText')}
            onChange={(text) => onChange({ ...action, text })}
          />
          <Field label={t('operate.autoreply.code')}>
            <Input
              value={action.code}
              onChange={({ target }) => onChange({ ...action, code: target.value })}
            />
          </Field>
        </>
      )
    case 'choices':
      return (
        <>
          <TextBox
            value={action.text}
            label={t('operate.autoreply.question')}
            onChange={(text) => onChange({ ...action, text })}
          />
          <Field label={t('operate.autoreply.options')}>
            <Select
              mode="tags"
              open={false}
              maxCount={10}
              value={action.options}
              onChange={(options) => onChange({ ...action, options })}
            />
          </Field>
        </>
      )
    case 'card':
      return <CardFields action={action} onChange={onChange} />
    case 'menu':
      return <MenuFields action={action} onChange={onChange} />
    case 'lead':
      return <LeadFields action={action} onChange={onChange} />
    case 'tag':
      return (
        <Field label={t('operate.autoreply.tags')}>
          <Select
            mode="tags"
            open={false}
            value={action.tags}
            onChange={(tags) => onChange({ ...action, tags })}
          />
        </Field>
      )
    case 'hand_over':
      return (
        <Field label={t('operate.autoreply.handNote')}>
          <Input
            value={action.note ?? ''}
            maxLength={200}
            onChange={({ target }) => onChange({ ...action, note: target.value })}
          />
        </Field>
      )
    default:
      return (
        <Field label={t('operate.autoreply.eventName')}>
          <Input
            value={action.name}
            maxLength={100}
            onChange={({ target }) => onChange({ ...action, name: target.value })}
          />
        </Field>
      )
  }
}
