import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, Checkbox, Input, Panel, Refusal, Select } from '@/kernel/ui'
import { CloseIcon, PlusIcon } from '@/kernel/ui/icons'
import styles from './autoreply.module.css'
import { Field } from './field'
import { refreshReplies, saveForm } from './queries'
import type { FieldKind, FormDefinition, FormField, LeadForm } from './types'

const KINDS: readonly FieldKind[] = ['name', 'phone', 'email', 'text', 'number', 'choice']
const CHANNELS = ['sms', 'email', 'wechat_oa', 'wecom', 'douyin', 'whatsapp', 'telegram', 'line'] as const
const EMPTY: FormDefinition = { fields: [{ key: 'name', ask: '', kind: 'name' }], thanks: '' }

interface QuestionProps {
  field: FormField
  onChange: (field: FormField) => void
  onDrop: () => void
}

const Question = ({ field, onChange, onDrop }: QuestionProps) => {
  const t = useT()
  return (
    <div className={styles.card}>
      <header>
        {field.ask || t('operate.autoreply.forms.question')}
        <Button
          type="text"
          size="small"
          icon={<CloseIcon />}
          aria-label={t('operate.autoreply.forms.drop')}
          onClick={onDrop}
        />
      </header>
      <Field label={t('operate.autoreply.forms.ask')}>
        <Input value={field.ask} onChange={({ target }) => onChange({ ...field, ask: target.value })} />
      </Field>
      <div className={styles.pair}>
        <Field label={t('operate.autoreply.forms.kind')}>
          <Select
            value={field.kind ?? 'text'}
            options={KINDS.map((kind) => ({
              value: kind,
              label: t(`operate.autoreply.forms.kinds.${kind}`),
            }))}
            onChange={(kind) => onChange({ ...field, kind })}
          />
        </Field>
        <Field label={t('operate.autoreply.forms.trait')}>
          <Input value={field.key} onChange={({ target }) => onChange({ ...field, key: target.value })} />
        </Field>
      </div>
      {field.kind === 'choice' ? (
        <Field label={t('operate.autoreply.options')}>
          <Select
            mode="tags"
            open={false}
            value={field.options ?? []}
            onChange={(options) => onChange({ ...field, options })}
          />
        </Field>
      ) : null}
      <Field label={t('operate.autoreply.forms.retry')}>
        <Input
          value={field.retry ?? ''}
          onChange={({ target }) => onChange({ ...field, retry: target.value })}
        />
      </Field>
      <Checkbox
        checked={field.is_required ?? true}
        onChange={({ target }) => onChange({ ...field, is_required: target.checked })}
      >
        {t('operate.autoreply.forms.required')}
      </Checkbox>
    </div>
  )
}

interface ConsentProps {
  draft: FormDefinition
  onChange: (changes: Partial<FormDefinition>) => void
}

const ConsentFields = ({ draft, onChange }: ConsentProps) => {
  const t = useT()
  const { consent } = draft
  return (
    <>
      <Checkbox
        checked={Boolean(consent)}
        onChange={({ target }) =>
          onChange({ consent: target.checked ? { ask: '', channels: ['sms'] } : null })
        }
      >
        {t('operate.autoreply.forms.consent')}
      </Checkbox>
      {consent ? (
        <div className={styles.pair}>
          <Field label={t('operate.autoreply.forms.consentAsk')}>
            <Input
              value={consent.ask}
              onChange={({ target }) => onChange({ consent: { ...consent, ask: target.value } })}
            />
          </Field>
          <Field label={t('operate.autoreply.forms.channels')}>
            <Select
              mode="multiple"
              value={consent.channels}
              options={CHANNELS.map((value) => ({ value, label: value }))}
              onChange={(channels) => onChange({ consent: { ...consent, channels } })}
            />
          </Field>
        </div>
      ) : null}
    </>
  )
}

/** The questions of a lead form, what is said around them, and the consent that is asked for. */
export const FormEditor = ({ form, onClose }: { form?: LeadForm; onClose: () => void }) => {
  const t = useT()
  const canWrite = useCan('replies:write')
  const [name, setName] = useState(form?.name ?? '')
  const [draft, setDraft] = useState<FormDefinition>(
    form ? (form.definition as unknown as FormDefinition) : EMPTY,
  )
  const put = (changes: Partial<FormDefinition>) => setDraft({ ...draft, ...changes })
  const saving = useMutation({
    mutationFn: () => saveForm(form?.form_id, name, draft),
    onSuccess: async () => {
      await refreshReplies()
      onClose()
    },
  })
  const text = (key: 'intro' | 'thanks' | 'canceled') => (
    <Field label={t(`operate.autoreply.forms.${key}`)}>
      <Input value={draft[key] ?? ''} onChange={({ target }) => put({ [key]: target.value })} />
    </Field>
  )
  return (
    <Panel title={form ? form.name : t('operate.autoreply.forms.add')}>
      <form
        className={styles.editor}
        onSubmit={(event) => {
          event.preventDefault()
          saving.mutate()
        }}
      >
        <Field label={t('operate.autoreply.name')}>
          <Input value={name} maxLength={100} onChange={({ target }) => setName(target.value)} />
        </Field>
        {text('intro')}
        {draft.fields.map((field, place) => (
          <Question
            // biome-ignore lint/suspicious/noArrayIndexKey: the key of a question is itself edited
            key={place}
            field={field}
            onChange={(next) => put({ fields: draft.fields.map((each, at) => (at === place ? next : each)) })}
            onDrop={() => put({ fields: draft.fields.filter((_, at) => at !== place) })}
          />
        ))}
        <div>
          <Button
            icon={<PlusIcon />}
            onClick={() =>
              put({ fields: [...draft.fields, { key: `answer_${draft.fields.length + 1}`, ask: '' }] })
            }
          >
            {t('operate.autoreply.forms.addQuestion')}
          </Button>
        </div>
        <ConsentFields draft={draft} onChange={put} />
        <div className={styles.pair}>
          {text('thanks')}
          {text('canceled')}
        </div>
        <Field label={t('operate.autoreply.tags')}>
          <Select mode="tags" open={false} value={draft.tags ?? []} onChange={(tags) => put({ tags })} />
        </Field>
        <Checkbox
          checked={draft.hands_over ?? false}
          onChange={({ target }) => put({ hands_over: target.checked })}
        >
          {t('operate.autoreply.forms.handsOver')}
        </Checkbox>
        <Refusal error={saving.error} />
        <div className={styles.footer}>
          <Button onClick={onClose}>{t('kernel.ui.cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={saving.isPending} disabled={!canWrite}>
            {t('operate.autoreply.save')}
          </Button>
        </div>
      </form>
    </Panel>
  )
}
