import { useState } from 'react'
import { useT, useWord } from '@/kernel/i18n'
import { Button, Form, FormDialog, Input, Select } from '@/kernel/ui'
import { type Account, addAccount, changeAccount, type Field, type Kind, refreshChannels } from './queries'
import { useFieldText, useKindText } from './use-words'
import { changesOf, defaultsOf, type Filled, isForExperts, isLong } from './values'

interface AccountFormProps {
  kinds: Kind[]
  /** The one to change; a new one without. */
  account?: Account
  onMade?: (made: Account) => void
  onClose: () => void
}

const fieldsOf = (kinds: Kind[], channel: string | undefined) =>
  kinds.find(({ kind }) => kind === channel)?.fields ?? []

/** Ask for what an account needs. */
export const AccountForm = ({ kinds, account, onMade, onClose }: AccountFormProps) => {
  const t = useT()
  const send = ({ channel, name, values }: Filled) => {
    const changes = changesOf(fieldsOf(kinds, channel), values ?? {}, account)
    return account
      ? changeAccount(account.account_id, { name, values: changes })
      : addAccount({ channel, name, values: changes })
  }
  const initial = account && { channel: account.channel, name: account.name, values: account.settings }
  return (
    <FormDialog<Filled, Account>
      title={t(account ? 'channels.form.editTitle' : 'channels.form.newTitle')}
      verb={t(account ? 'channels.form.save' : 'channels.form.create')}
      initial={initial ?? {}}
      send={send}
      onSent={async (answer) => {
        await refreshChannels()
        onClose()
        if (!account) onMade?.(answer)
      }}
      onClose={onClose}
    >
      <Fields kinds={kinds} account={account} />
    </FormDialog>
  )
}

const Fields = ({ kinds, account }: { kinds: Kind[]; account: Account | undefined }) => {
  const t = useT()
  const kindText = useKindText()
  const form = Form.useFormInstance<Filled>()
  const channel = Form.useWatch('channel', form)
  const [isAll, setIsAll] = useState(false)
  const fields = fieldsOf(kinds, channel)
  const shown = isAll ? fields : fields.filter((field) => !isForExperts(field))
  const choose = (chosen: string) => {
    form.setFieldsValue({ name: kindText(chosen), values: defaultsOf(fieldsOf(kinds, chosen)) })
  }
  return (
    <>
      <Form.Item
        name="channel"
        label={t('channels.form.channel')}
        rules={[{ required: true, message: t('channels.form.channelNeeded') }]}
      >
        <Select
          disabled={account !== undefined}
          showSearch={{ optionFilterProp: 'label' }}
          onChange={choose}
          options={kinds.map(({ kind }) => ({ value: kind, label: kindText(kind) }))}
        />
      </Form.Item>
      {channel ? (
        <Form.Item
          name="name"
          label={t('channels.form.name')}
          extra={t('channels.form.nameHint')}
          rules={[{ required: true, whitespace: true, message: t('channels.form.nameNeeded') }]}
        >
          <Input maxLength={100} autoComplete="off" />
        </Form.Item>
      ) : null}
      {shown.map((field) => (
        <ValueInput key={`${channel}.${field.name}`} kind={channel} field={field} account={account} />
      ))}
      {shown.length < fields.length ? (
        <Button type="link" onClick={() => setIsAll(true)}>
          {t('channels.form.more')}
        </Button>
      ) : null}
    </>
  )
}

interface ValueInputProps {
  kind: string
  field: Field
  account: Account | undefined
}

const ValueInput = ({ kind, field, account }: ValueInputProps) => {
  const t = useT()
  const word = useWord()
  const fieldText = useFieldText(kind)
  const { name, is_secret: isSecret, is_required: isRequired, choices } = field
  const isKept = isSecret && (account?.secrets.includes(name) ?? false)
  const label = fieldText(field)
  const hint = word('channels.hint', `${kind}_${name}`)
  return (
    <Form.Item
      name={['values', name]}
      label={isRequired ? label : t('channels.form.optional', { label })}
      extra={hint === `${kind}_${name}` ? undefined : hint}
      rules={[
        { required: isRequired && !isKept, whitespace: true, message: t('channels.form.needed', { label }) },
        // The server says so as well; here it is said before anything is sent.
        {
          pattern: new RegExp(`^\\s*(?:${field.pattern})\\s*$`, 's'),
          message: t('channels.form.odd', { label }),
        },
      ]}
    >
      {choices.length > 0 ? (
        <Select options={choices.map((value) => ({ value, label: word('channels.choice', value) }))} />
      ) : isLong(field) ? (
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} autoComplete="off" spellCheck={false} />
      ) : isSecret ? (
        <Input.Password
          autoComplete="new-password"
          placeholder={isKept ? t('channels.form.kept') : undefined}
          spellCheck={false}
        />
      ) : (
        <Input autoComplete="off" spellCheck={false} />
      )}
    </Form.Item>
  )
}
