import { useMutation } from '@tanstack/react-query'
import { ApiError, api, type DomainName, type Source, unwrap } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { Alert, Form, Input, Modal, Radio } from '@/kernel/ui'
import { refreshSources } from './queries'

const DOMAINS: readonly DomainName[] = ['public', 'commercial', 'private', 'unknown']

interface Fields {
  slug: string
  name: string
  domain: DomainName
}

interface SourceFormProps {
  /** The source to change; none: a new one. */
  source?: Source
  onClose: () => void
}

/** A source's name and domain. */
export const SourceForm = ({ source, onClose }: SourceFormProps) => {
  const t = useT()
  const [form] = Form.useForm<Fields>()
  const save = useMutation({
    mutationFn: ({ slug, name, domain }: Fields) =>
      source
        ? unwrap(
            api.PATCH('/api/sources/{source_id}', {
              params: { path: { source_id: source.id } },
              body: { name, domain },
            }),
          )
        : unwrap(api.POST('/api/sources', { body: { slug, name: name ?? '', domain } })),
    onSuccess: async () => {
      await refreshSources()
      onClose()
    },
  })
  return (
    <Modal
      open
      title={t(source ? 'cdp.sources.editTitle' : 'cdp.sources.addTitle')}
      okText={t('cdp.sources.save')}
      okButtonProps={{ loading: save.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={source ?? { domain: 'public' }}
        onFinish={(fields) => save.mutate(fields)}
      >
        <Form.Item
          name="slug"
          label={t('cdp.sources.slug')}
          extra={source ? undefined : t('cdp.sources.slugHint')}
          rules={[{ required: true, message: t('cdp.sources.required') }]}
        >
          <Input disabled={Boolean(source)} />
        </Form.Item>
        <Form.Item name="name" label={t('cdp.sources.name')}>
          <Input />
        </Form.Item>
        <Form.Item name="domain" label={t('cdp.sources.domain')}>
          <Radio.Group options={DOMAINS.map((value) => ({ value, label: t(`kernel.domain.${value}`) }))} />
        </Form.Item>
        {save.error ? (
          <Alert
            role="alert"
            type="error"
            title={save.error.message || t('kernel.ui.failed')}
            description={save.error instanceof ApiError ? save.error.hint : undefined}
          />
        ) : null}
      </Form>
    </Modal>
  )
}
