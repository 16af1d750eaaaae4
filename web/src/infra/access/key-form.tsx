import { useMutation } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { Form, Input, Modal, Radio, Select } from '@/kernel/ui'
import { refreshAccess } from './queries'
import { Refusal } from './refusal'

const ROLES = ['operator', 'agent', 'analyst', 'viewer'] as const

interface KeyFormProps {
  onMade: (secret: string) => void
  onClose: () => void
}

/** Ask what a new key is for. */
export const KeyForm = ({ onMade, onClose }: KeyFormProps) => {
  const t = useT()
  const [form] = Form.useForm<Schemas['KeyIn']>()
  const kind = Form.useWatch('kind', form)
  const make = useMutation({
    mutationFn: (body: Schemas['KeyIn']) => unwrap(api.POST('/api/keys', { body })),
    onSuccess: async ({ secret }) => {
      await refreshAccess()
      onMade(secret)
    },
  })
  return (
    <Modal
      open
      title={t('infra.access.keys.new')}
      okText={t('infra.access.keys.create')}
      okButtonProps={{ loading: make.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ kind: 'write', role: 'operator' }}
        onFinish={(body) => make.mutate(body)}
      >
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
        <Refusal error={make.error} />
      </Form>
    </Modal>
  )
}
