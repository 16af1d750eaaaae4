import { api, type Schemas, unwrap } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { Form, FormDialog, Input, Radio } from '@/kernel/ui'
import { refreshAccess } from './queries'
import { ROLES } from './roles'
import styles from './settings.module.css'

interface MemberFormProps {
  onInvited: (email: string, link: string) => void
  onClose: () => void
}

/** Ask whom to invite, and for what. */
export const MemberForm = ({ onInvited, onClose }: MemberFormProps) => {
  const t = useT()
  const required = { required: true, message: t('infra.access.required') }
  return (
    <FormDialog
      title={t('infra.access.members.inviteTitle')}
      verb={t('infra.access.members.inviteAction')}
      initial={{ role: 'operator', name: '' }}
      send={(body: Schemas['InviteIn']) => unwrap(api.POST('/api/members', { body }))}
      onSent={async ({ email, link }) => {
        await refreshAccess()
        onInvited(email, link)
      }}
      onClose={onClose}
    >
      <Form.Item
        name="email"
        label={t('infra.access.email')}
        rules={[required, { type: 'email', message: t('infra.access.emailInvalid') }]}
      >
        <Input type="email" autoComplete="off" />
      </Form.Item>
      <Form.Item name="name" label={t('infra.access.members.name')}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="role" label={t('infra.access.members.role')}>
        <Radio.Group
          vertical
          options={ROLES.map((value) => ({
            value,
            label: (
              <>
                {t(`infra.access.role.${value}`)}{' '}
                <span className={styles.hint}>{t(`infra.access.roleHint.${value}`)}</span>
              </>
            ),
          }))}
        />
      </Form.Item>
    </FormDialog>
  )
}
