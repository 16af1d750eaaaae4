import { useMutation } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/kernel/api'
import { refreshMe, useMe } from '@/kernel/auth'
import { setLocale, useT } from '@/kernel/i18n'
import { Button, Form, Input, Page, Panel, Refusal, Select, useNotice } from '@/kernel/ui'
import styles from './settings.module.css'

type Profile = Schemas['ChangeMe']
type Passwords = Schemas['ChangePassword']

const LANGUAGES = [
  { value: 'en', label: 'English' },
  { value: 'zh-CN', label: '简体中文' },
] as const

const ProfileForm = ({ me }: { me: Schemas['Me'] }) => {
  const t = useT()
  const notice = useNotice()
  const save = useMutation({
    mutationFn: (body: Profile) => unwrap(api.PATCH('/api/auth/me', { body })),
    onSuccess: async (_, { locale }) => {
      await refreshMe()
      if (locale) await setLocale(locale)
      notice.success(t('infra.access.account.saved'))
    },
  })
  return (
    <Form<Profile>
      className={styles.form}
      layout="vertical"
      requiredMark={false}
      initialValues={me.user}
      onFinish={(body) => save.mutate(body)}
    >
      <Form.Item label={t('infra.access.email')}>
        <Input value={me.user.email} readOnly autoComplete="username" aria-label={t('infra.access.email')} />
      </Form.Item>
      <Form.Item
        name="name"
        label={t('infra.access.account.name')}
        rules={[{ required: true, message: t('infra.access.required') }]}
      >
        <Input autoComplete="name" />
      </Form.Item>
      <Form.Item name="locale" label={t('infra.access.account.locale')}>
        <Select options={[...LANGUAGES]} />
      </Form.Item>
      <Refusal error={save.error} />
      <Button type="primary" htmlType="submit" loading={save.isPending}>
        {t('infra.access.account.save')}
      </Button>
    </Form>
  )
}

const PasswordForm = () => {
  const t = useT()
  const notice = useNotice()
  const [form] = Form.useForm<Passwords>()
  const change = useMutation({
    mutationFn: (body: Passwords) => unwrap(api.POST('/api/auth/password', { body })),
    onSuccess: async () => {
      form.resetFields()
      await refreshMe()
      notice.success(t('infra.access.account.changed'))
    },
  })
  const required = { required: true, message: t('infra.access.required') }
  return (
    <Form
      form={form}
      className={styles.form}
      layout="vertical"
      requiredMark={false}
      onFinish={(body) => change.mutate(body)}
    >
      <Form.Item name="current" label={t('infra.access.account.current')} rules={[required]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Form.Item
        name="new"
        label={t('infra.access.account.new')}
        extra={t('infra.access.account.newHint')}
        rules={[required]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Refusal error={change.error} />
      <Button type="primary" htmlType="submit" loading={change.isPending}>
        {t('infra.access.account.change')}
      </Button>
    </Form>
  )
}

/** The signed-in user's own name, language and password. */
const AccountPage = () => {
  const t = useT()
  const me = useMe()
  if (!me) return null
  return (
    <Page title={t('app.shell.settings.account')}>
      <div className={styles.pair}>
        <Panel title={t('infra.access.account.profile')}>
          <ProfileForm me={me} />
        </Panel>
        <Panel title={t('infra.access.account.password')}>
          <PasswordForm />
        </Panel>
      </div>
    </Page>
  )
}

export default AccountPage
