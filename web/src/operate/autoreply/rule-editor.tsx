import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, Input, Panel, Refusal, Select } from '@/kernel/ui'
import { ActionList } from './action-list'
import styles from './autoreply.module.css'
import { ConditionFields } from './condition-fields'
import { Field } from './field'
import { refreshReplies, saveRule } from './queries'
import { TriggerFields } from './trigger-fields'
import { type Definition, definitionOf, emptyTrigger, type Rule, TRIGGERS } from './types'
import { triggerName } from './words'

interface RuleEditorProps {
  /** The rule to change; none: a new one. */
  rule?: Rule
  onClose: () => void
}

const EMPTY: Definition = { trigger: emptyTrigger('keyword'), actions: [{ do: 'text', text: '' }], when: {} }

/** A rule from top to bottom: what sets it off, when it holds, what it does. */
export const RuleEditor = ({ rule, onClose }: RuleEditorProps) => {
  const t = useT()
  const canWrite = useCan('replies:write')
  const [name, setName] = useState(rule?.name ?? '')
  const [draft, setDraft] = useState<Definition>(rule ? definitionOf(rule) : EMPTY)
  const saving = useMutation({
    mutationFn: () => saveRule(rule?.rule_id, { name, definition: draft }),
    onSuccess: async () => {
      await refreshReplies()
      onClose()
    },
  })
  const { trigger, actions, when = {} } = draft
  return (
    <Panel title={rule ? rule.name : t('operate.autoreply.newRule')}>
      <form
        className={styles.editor}
        onSubmit={(event) => {
          event.preventDefault()
          saving.mutate()
        }}
      >
        <Field label={t('operate.autoreply.name')}>
          <Input value={name} maxLength={100} autoFocus onChange={({ target }) => setName(target.value)} />
        </Field>
        <section className={styles.part}>
          <h3>{t('operate.autoreply.when')}</h3>
          <Field label={t('operate.autoreply.triggerKind')}>
            <Select
              value={trigger.kind}
              options={TRIGGERS.map((kind) => ({ value: kind, label: triggerName(t, kind) }))}
              onChange={(kind) => setDraft({ ...draft, trigger: emptyTrigger(kind) })}
            />
          </Field>
          <p className={styles.hint}>{t(`operate.autoreply.triggerHint.${trigger.kind}`)}</p>
          <TriggerFields trigger={trigger} onChange={(next) => setDraft({ ...draft, trigger: next })} />
        </section>
        <section className={styles.part}>
          <h3>{t('operate.autoreply.then')}</h3>
          <ActionList actions={actions} onChange={(next) => setDraft({ ...draft, actions: next })} />
        </section>
        <section className={styles.part}>
          <h3>{t('operate.autoreply.only')}</h3>
          <ConditionFields when={when} onChange={(next) => setDraft({ ...draft, when: next })} />
        </section>
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
