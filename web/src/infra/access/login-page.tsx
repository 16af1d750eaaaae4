import { useSearch } from '@tanstack/react-router'
import { useT } from '@/kernel/i18n'
import { Button, Form, Input, Refusal } from '@/kernel/ui'
import { Entrance } from './entrance'
import { useLogin } from './entry'

interface LoginForm {
  email: string
  password: string
}

/** Sign in with email and password. */
const LoginPage = () => {
  const t = useT()
  const { next } = useSearch({ from: '/login' })
  const login = useLogin(next)
  const required = { required: true, message: t('infra.access.required') }
  return (
    <Entrance title={t('infra.access.login.title')} lead={t('infra.access.login.lead')}>
      <Form<LoginForm> layout="vertical" requiredMark={false} onFinish={(form) => login.mutate(form)}>
        <Form.Item name="email" label={t('infra.access.email')} rules={[required]}>
          <Input size="large" type="email" autoComplete="username" autoFocus />
        </Form.Item>
        <Form.Item name="password" label={t('infra.access.password')} rules={[required]}>
          <Input.Password size="large" autoComplete="current-password" />
        </Form.Item>
        <Refusal error={login.error} />
        <Button type="primary" size="large" htmlType="submit" block loading={login.isPending}>
          {t('infra.access.login.action')}
        </Button>
      </Form>
    </Entrance>
  )
}

export default LoginPage
