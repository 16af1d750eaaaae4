import { useSearch } from '@tanstack/react-router'
import { useT } from '@/kernel/i18n'
import { Button, Form, Input, Refusal } from '@/kernel/ui'
import { Entrance } from './entrance'
import { type SetupForm, useSetup } from './entry'

/** The first page of a fresh installation: make the owner. */
const SetupPage = () => {
  const t = useT()
  const { token } = useSearch({ from: '/setup' })
  const setup = useSetup()
  const required = { required: true, message: t('infra.access.required') }
  const email = { type: 'email' as const, message: t('infra.access.emailInvalid') }
  return (
    <Entrance title={t('infra.access.setup.title')} lead={t('infra.access.setup.lead')}>
      <Form<SetupForm>
        layout="vertical"
        requiredMark={false}
        initialValues={{ token }}
        onFinish={(form) => setup.mutate(form)}
      >
        <Form.Item
          name="token"
          label={t('infra.access.setup.token')}
          extra={t('infra.access.setup.tokenHint')}
          hidden={Boolean(token)}
          rules={[required]}
        >
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="workspace_name" label={t('infra.access.setup.workspaceName')} rules={[required]}>
          <Input size="large" autoComplete="organization" />
        </Form.Item>
        <Form.Item name="name" label={t('infra.access.name')} rules={[required]}>
          <Input size="large" autoComplete="name" />
        </Form.Item>
        <Form.Item name="email" label={t('infra.access.email')} rules={[required, email]}>
          <Input size="large" type="email" autoComplete="username" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('infra.access.password')}
          extra={t('infra.access.setup.passwordHint')}
          rules={[required]}
        >
          <Input.Password size="large" autoComplete="new-password" />
        </Form.Item>
        <Refusal error={setup.error} />
        <Button type="primary" size="large" htmlType="submit" block loading={setup.isPending}>
          {t('infra.access.setup.action')}
        </Button>
      </Form>
    </Entrance>
  )
}

export default SetupPage
