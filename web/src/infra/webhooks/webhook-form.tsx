import { useQuery } from '@tanstack/react-query'
import type { Schemas } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { Checkbox, Form, FormDialog, Input, Select } from '@/kernel/ui'
import {
  addWebhook,
  changeWebhook,
  type NewWebhook,
  refreshWebhooks,
  segmentOptionsQuery,
  type Webhook,
} from './queries'
import styles from './webhooks.module.css'

interface WebhookFormProps {
  /** The one to change; a new one without. */
  webhook?: Webhook
  onMade?: (made: Schemas['WebhookMade']) => void
  onClose: () => void
}

const NEW: Partial<NewWebhook> = { topics: ['segment.entered', 'segment.exited'], segment_ids: [] }

/** Ask whom to tell of what. */
export const WebhookForm = ({ webhook, onMade, onClose }: WebhookFormProps) => {
  const t = useT()
  const send = (body: NewWebhook) => (webhook ? changeWebhook(webhook.webhook_id, body) : addWebhook(body))
  return (
    <FormDialog<NewWebhook, Webhook | Schemas['WebhookMade']>
      title={t(webhook ? 'infra.webhooks.form.editTitle' : 'infra.webhooks.form.newTitle')}
      verb={t(webhook ? 'infra.webhooks.form.save' : 'infra.webhooks.form.create')}
      initial={webhook ? (webhook as Partial<NewWebhook>) : NEW}
      send={send}
      onSent={async (answer) => {
        await refreshWebhooks()
        onClose()
        if ('secret' in answer) onMade?.(answer)
      }}
      onClose={onClose}
    >
      <Fields />
    </FormDialog>
  )
}

const Fields = () => {
  const t = useT()
  const url = Form.useWatch('url', Form.useFormInstance<NewWebhook>())
  const segments = useQuery(segmentOptionsQuery)
  const isPlain = url?.trim().toLowerCase().startsWith('http://') ?? false
  return (
    <>
      <Form.Item
        name="url"
        label={t('infra.webhooks.form.url')}
        extra={
          <span className={isPlain ? styles.bad : undefined}>
            {t(isPlain ? 'infra.webhooks.form.plain' : 'infra.webhooks.form.urlHint')}
          </span>
        }
        rules={[
          {
            required: true,
            whitespace: true,
            pattern: /^\s*https?:\/\/[^\s/]+/i,
            message: t('infra.webhooks.form.urlNeeded'),
          },
        ]}
      >
        <Input autoFocus inputMode="url" autoComplete="off" spellCheck={false} placeholder="https://…" />
      </Form.Item>
      <Form.Item name="description" label={t('infra.webhooks.form.description')}>
        <Input
          maxLength={500}
          autoComplete="off"
          placeholder={t('infra.webhooks.form.descriptionPlaceholder')}
        />
      </Form.Item>
      <Form.Item
        name="topics"
        label={t('infra.webhooks.form.topics')}
        // A rule that says "required" would say so of a group of boxes, of which it cannot be said.
        rules={[
          {
            validator: (_, topics: string[]) =>
              topics.length > 0
                ? Promise.resolve()
                : Promise.reject(new Error(t('infra.webhooks.form.topicsNeeded'))),
          },
        ]}
      >
        <Checkbox.Group
          options={[
            { value: 'segment.entered', label: t('infra.webhooks.form.entered') },
            { value: 'segment.exited', label: t('infra.webhooks.form.exited') },
          ]}
        />
      </Form.Item>
      <Form.Item name="segment_ids" label={t('infra.webhooks.form.segments')}>
        <Select
          mode="multiple"
          loading={segments.isPending}
          placeholder={t('infra.webhooks.allSegments')}
          showSearch={{ optionFilterProp: 'label' }}
          options={segments.data}
        />
      </Form.Item>
    </>
  )
}
