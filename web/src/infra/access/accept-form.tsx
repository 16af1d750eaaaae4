import { useT } from '@/kernel/i18n'
import { Button, Form, Input, Refusal } from '@/kernel/ui'
import { useAccept } from './entry'

interface AcceptFormProps {
  token: string
  email: string
  /** Somebody without an account: a name is asked for too. */
  isNew: boolean
  /** Somebody with a password: it is asked for, none is set. */
  isKnown: boolean
}

interface Fields {
  name?: string
  password: string
}

/** The password that takes a link up. */
export const AcceptForm = ({ token, email, isNew, isKnown }: AcceptFormProps) => {
  const t = useT()
  const accept = useAccept()
  const required = { required: true, message: t('infra.access.required') }
  const submit = ({ name, password }: Fields) =>
    accept.mutate({ token, password, name: name?.trim() || undefined })
  return (
    <Form<Fields> layout="vertical" requiredMark={false} onFinish={submit}>
      {/* Password managers file the password under this address. */}
      <input type="email" name="username" autoComplete="username" value={email} readOnly hidden />
      {isNew ? (
        <Form.Item name="name" label={t('infra.access.name')} extra={t('infra.access.accept.nameHint')}>
          <Input size="large" autoComplete="name" />
        </Form.Item>
      ) : null}
      <Form.Item
        name="password"
        label={t('infra.access.password')}
        extra={isKnown ? undefined : t('infra.access.setup.passwordHint')}
        rules={[required]}
      >
        <Input.Password size="large" autoComplete={isKnown ? 'current-password' : 'new-password'} />
      </Form.Item>
      <Refusal error={accept.error} />
      <Button type="primary" size="large" htmlType="submit" block loading={accept.isPending}>
        {t(isKnown ? 'infra.access.accept.join' : 'infra.access.accept.setPassword')}
      </Button>
    </Form>
  )
}
