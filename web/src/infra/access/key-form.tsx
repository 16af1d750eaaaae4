import { api, type Schemas, unwrap } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { Form, FormDialog, Input, Radio, Select } from '@/kernel/ui'
import { refreshAccess } from './queries'

const ROLES = ['operator', 'agent', 'analyst', 'viewer'] as const

interface KeyFormProps {
  onMade: (secret: string) => void
  onClose: () => void
}

/** Ask what a new key is for. */
export const KeyForm = ({ onMade, onClose }: KeyFormProps) => {
  const t = useT()
  return (
    <FormDialog
      title={t('infra.access.keys.new')}
      verb={t('infra.access.keys.create')}
      initial={{ kind: 'write', role: 'operator' }}
      send={(body: Schemas['KeyIn']) => unwrap(api.POST('/api/keys', { body }))}
      onSent={async ({ secret }) => {
        await refreshAccess()
        onMade(secret)
      }}
      onClose={onClose}
    >
      <KeyFields />
    </FormDialog>
  )
}

const KeyFields = () => {
  const t = useT()
  const kind = Form.useWatch('kind', Form.useFormInstance<Schemas['KeyIn']>())
  return (
    <>
      <Form.Item name="kind" label={t('infra.access.keys.kind')}>
        <Radio.Group
          options={(['write', 'server'] as const).map((value) => ({
            value,
            label: t(`infra.access.keys.${value}`),
          }))}
        />
      </Form.Item>
      <Form.Item
        name="name"
        label={t('infra.access.keys.name')}
        rules={[{ required: true, message: t('infra.access.required') }]}
      >
        <Input placeholder={t('infra.access.keys.namePlaceholder')} autoComplete="off" />
      </Form.Item>
      {kind === 'server' ? (
        <Form.Item name="role" label={t('infra.access.keys.role')}>
          <Select
            options={ROLES.map((value) => ({
              value,
              label: `${t(`infra.access.role.${value}`)}: ${t(`infra.access.roleHint.${value}`)}`,
            }))}
          />
        </Form.Item>
      ) : null}
    </>
  )
}
