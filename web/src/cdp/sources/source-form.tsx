import { api, type DomainName, type Source, unwrap } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { Form, FormDialog, Input, Radio } from '@/kernel/ui'
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
  const send = ({ slug, name, domain }: Fields) =>
    source
      ? unwrap(
          api.PATCH('/api/sources/{source_id}', {
            params: { path: { source_id: source.id } },
            body: { name, domain },
          }),
        )
      : unwrap(api.POST('/api/sources', { body: { slug, name: name ?? '', domain } }))
  return (
    <FormDialog
      title={t(source ? 'cdp.sources.editTitle' : 'cdp.sources.addTitle')}
      verb={t('cdp.sources.save')}
      initial={source ?? { domain: 'public' }}
      send={send}
      onSent={async () => {
        await refreshSources()
        onClose()
      }}
      onClose={onClose}
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
    </FormDialog>
  )
}
