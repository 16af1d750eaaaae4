import { useT } from '@/kernel/i18n'
import { Checkbox, Input, InputNumber, Select } from '@/kernel/ui'
import { AdFields } from './ad-fields'
import { Field } from './field'
import type { Trigger } from './types'
import { WordList } from './word-list'

interface TriggerFieldsProps {
  trigger: Trigger
  onChange: (trigger: Trigger) => void
}

const linesOf = (text: string) => text.split('\n')

/** What the chosen kind of trigger asks for. */
export const TriggerFields = ({ trigger, onChange }: TriggerFieldsProps) => {
  const t = useT()
  switch (trigger.kind) {
    case 'keyword':
      return (
        <>
          <WordList
            label={t('operate.autoreply.words')}
            words={trigger.words}
            onChange={(words) => onChange({ ...trigger, words })}
          />
          <WordList
            label={t('operate.autoreply.but')}
            words={trigger.but ?? []}
            onChange={(but) => onChange({ ...trigger, but })}
          />
        </>
      )
    case 'intent':
      return (
        <Field label={t('operate.autoreply.examples')}>
          <Input.TextArea
            value={trigger.examples.join('\n')}
            autoSize={{ minRows: 6, maxRows: 16 }}
            placeholder={t('operate.autoreply.examplesHint')}
            onChange={({ target }) => onChange({ ...trigger, examples: linesOf(target.value) })}
          />
        </Field>
      )
    case 'comment':
      return (
        <>
          <WordList
            label={t('operate.autoreply.commentWords')}
            words={trigger.words ?? []}
            onChange={(words) => onChange({ ...trigger, words })}
          />
          <Field label={t('operate.autoreply.contents')}>
            <Select
              mode="tags"
              open={false}
              value={trigger.contents ?? []}
              onChange={(contents) => onChange({ ...trigger, contents })}
            />
          </Field>
        </>
      )
    case 'unanswered':
      return (
        <Field label={t('operate.autoreply.minutes')}>
          <InputNumber
            min={1}
            max={1440}
            value={trigger.minutes}
            onChange={(minutes) => onChange({ ...trigger, minutes: minutes ?? 1 })}
          />
        </Field>
      )
    case 'welcome':
      return (
        <>
          <Checkbox.Group
            value={trigger.on ?? ['followed', 'entered']}
            options={[
              { value: 'followed', label: t('operate.autoreply.onFollowed') },
              { value: 'entered', label: t('operate.autoreply.onEntered') },
            ]}
            onChange={(on) => onChange({ ...trigger, on: on as ('followed' | 'entered')[] })}
          />
          <Field label={t('operate.autoreply.scenes')}>
            <Select
              mode="tags"
              open={false}
              value={trigger.scenes ?? []}
              onChange={(scenes) => onChange({ ...trigger, scenes })}
            />
          </Field>
        </>
      )
    case 'ad_welcome':
      return (
        <AdFields fields={trigger.fields ?? {}} onChange={(fields) => onChange({ ...trigger, fields })} />
      )
    default:
      return null
  }
}
