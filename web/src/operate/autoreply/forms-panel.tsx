import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, EmptyState, Loaded, Panel, useConfirm, useNotice } from '@/kernel/ui'
import { DeleteIcon, PlusIcon } from '@/kernel/ui/icons'
import styles from './autoreply.module.css'
import { FormEditor } from './form-editor'
import { deleteForm, formsQuery, refreshReplies } from './queries'
import type { FormDefinition, LeadForm } from './types'

const definition = (form: LeadForm) => form.definition as unknown as FormDefinition

/** Lead forms: questions asked in the chat, one after the other. */
export const FormsPanel = () => {
  const t = useT()
  const confirm = useConfirm()
  const notice = useNotice()
  const canWrite = useCan('replies:write')
  const query = useQuery(formsQuery)
  const [edited, setEdited] = useState<LeadForm | 'new' | null>(null)
  const remove = (form: LeadForm) =>
    confirm({
      title: t('operate.autoreply.forms.removeTitle', { name: form.name }),
      content: t('operate.autoreply.forms.removeText'),
      verb: t('operate.autoreply.remove'),
      isDangerous: true,
      act: async () => {
        try {
          await deleteForm(form.form_id)
          await refreshReplies()
        } catch (error) {
          notice.error(error instanceof Error && error.message ? error.message : t('kernel.ui.failed'), 8)
        }
      },
    })
  if (edited) {
    return <FormEditor form={edited === 'new' ? undefined : edited} onClose={() => setEdited(null)} />
  }
  const add = canWrite ? (
    <Button type="primary" icon={<PlusIcon />} onClick={() => setEdited('new')}>
      {t('operate.autoreply.forms.add')}
    </Button>
  ) : null
  return (
    <Panel
      title={t('operate.autoreply.tab.forms')}
      note={t('operate.autoreply.forms.note')}
      actions={add}
      flush
    >
      <Loaded query={query} height={240}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('operate.autoreply.forms.empty')} />
          ) : (
            <ul className={styles.rows}>
              {items.map((form) => (
                <li key={form.form_id} className={styles.row}>
                  <span />
                  <div>
                    <button type="button" className={styles.name} onClick={() => setEdited(form)}>
                      {form.name}
                    </button>
                    <p className={styles.summary}>
                      {definition(form)
                        .fields.map(({ ask }) => ask)
                        .join(' → ')}
                    </p>
                  </div>
                  <span className={styles.count}>
                    {t('operate.autoreply.forms.version', { version: form.version })}
                  </span>
                  <div className={styles.tools}>
                    {canWrite ? (
                      <Button
                        type="text"
                        icon={<DeleteIcon />}
                        aria-label={t('operate.autoreply.forms.removeTitle', { name: form.name })}
                        onClick={() => remove(form)}
                      />
                    ) : null}
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  )
}
