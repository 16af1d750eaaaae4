import { useSearch } from '@tanstack/react-router'
import { useT } from '@/kernel/i18n'
import { Button, EmptyState, Form, Input } from '@/kernel/ui'
import { Entrance } from './entrance'
import { useAccept } from './entry'
import { Refusal } from './refusal'

interface AcceptForm {
  name?: string
  password: string
}

/** Where an invitation or a reset link leads. */
const AcceptPage = () => {
  const t = useT()
  const { token } = useSearch({ from: '/accept' })
  const accept = useAccept()
  const required = { required: true, message: t('infra.access.required') }
  if (!token) {
    return (
      <main>
        <EmptyState title={t('infra.access.accept.noToken')}>
          {t('infra.access.accept.noTokenHint')}
        </EmptyState>
      </main>
    )
  }
  const submit = ({ name, password }: AcceptForm) =>
    accept.mutate({ token, password, name: name?.trim() || undefined })
  return (
    <Entrance title={t('infra.access.accept.title')} lead={t('infra.access.accept.lead')}>
      <Form<AcceptForm> layout="vertical" requiredMark={false} onFinish={submit}>
        <Form.Item name="name" label={t('infra.access.name')} extra={t('infra.access.accept.nameHint')}>
          <Input size="large" autoComplete="name" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('infra.access.password')}
          extra={t('infra.access.setup.passwordHint')}
          rules={[required]}
        >
          <Input.Password size="large" autoComplete="new-password" />
        </Form.Item>
        <Refusal error={accept.error} />
        <Button type="primary" size="large" htmlType="submit" block loading={accept.isPending}>
          {t('infra.access.accept.action')}
        </Button>
      </Form>
    </Entrance>
  )
}

export default AcceptPage
