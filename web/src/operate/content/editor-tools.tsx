import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { queryClient } from '@/kernel/api'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, Dropdown, Form, FormDialog, Input, useNotice } from '@/kernel/ui'
import { MoreIcon } from '@/kernel/ui/icons'
import styles from './content.module.css'
import {
  duplicateTemplate,
  forgetTemplates,
  publishTemplate,
  saveTemplate,
  setArchived,
  templateQuery,
} from './queries'
import { SettingsDialog } from './settings-dialog'
import { StateText } from './state-text'
import { VersionsDrawer } from './versions-drawer'
import type { Content, Template } from './view'

export interface Draft {
  content: Content
  isDirty: boolean
  isSaving: boolean
  change: (content: Content) => void
  save: () => Promise<Template>
  reset: () => void
}

/** The draft as it is being written, which is not sent until somebody saves. */
export const useDraft = (template: Template): Draft => {
  const t = useT()
  const notice = useNotice()
  const [written, setWritten] = useState<Content | null>(null)
  const saving = useMutation({
    mutationFn: (content: Content) =>
      saveTemplate(template.template_id, { content, revision: template.revision }),
    onSuccess: (saved) => {
      queryClient.setQueryData(templateQuery(template.template_id).queryKey, saved)
      setWritten(null)
    },
    onError: (error) => void notice.error(error.message || t('kernel.ui.failed')),
  })
  const content = written ?? template.content
  return {
    content,
    isDirty: written !== null,
    isSaving: saving.isPending,
    change: setWritten,
    save: () => saving.mutateAsync(content),
    reset: () => setWritten(null),
  }
}

interface ToolsProps {
  template: Template
  draft: Draft
}

const State = ({ template, draft }: ToolsProps) => {
  const t = useT()
  return (
    <>
      <StateText template={template} />
      {draft.isDirty ? <span className={styles.unsaved}> · {t('operate.content.unsaved')}</span> : null}
    </>
  )
}

interface PublishProps extends ToolsProps {
  onClose: () => void
}

const PublishDialog = ({ template, draft, onClose }: PublishProps) => {
  const t = useT()
  const notice = useNotice()
  const publish = async ({ note = '' }: { note?: string }) => {
    const { revision } = draft.isDirty ? await draft.save() : template
    return publishTemplate(template.template_id, { note, revision })
  }
  return (
    <FormDialog<{ note?: string }, Template>
      title={t('operate.content.publish')}
      verb={t('operate.content.publish')}
      initial={{}}
      send={publish}
      onSent={async ({ published_number: number }) => {
        await forgetTemplates()
        void notice.success(t('operate.content.published', { number: number ?? 1 }))
        onClose()
      }}
      onClose={onClose}
    >
      <p className={styles.hint}>{t('operate.content.publishHint')}</p>
      <Form.Item name="note" label={t('operate.content.publishNote')}>
        <Input maxLength={500} />
      </Form.Item>
    </FormDialog>
  )
}

const useActions = (template: Template) => {
  const t = useT()
  const notice = useNotice()
  const navigate = useNavigate()
  const copying = useMutation({
    mutationFn: () => duplicateTemplate(template.template_id),
    onSuccess: async (copy) => {
      await forgetTemplates()
      void notice.success(t('operate.content.duplicated', { name: copy.name }))
      void navigate({ to: '/templates/$templateId', params: { templateId: String(copy.template_id) } })
    },
  })
  const isArchived = template.archived_at !== null
  const archiving = useMutation({
    mutationFn: () => setArchived(template.template_id, !isArchived),
    onSuccess: async () => {
      await forgetTemplates()
      const { name } = template
      void notice.success(
        isArchived
          ? t('operate.content.unarchivedDone', { name })
          : t('operate.content.archivedDone', { name }),
      )
    },
    onError: (error) => void notice.error(error.message || t('kernel.ui.failed')),
  })
  return [
    { key: 'copy', label: t('operate.content.duplicate'), act: () => copying.mutate() },
    {
      key: 'archive',
      label: isArchived ? t('operate.content.unarchive') : t('operate.content.archive'),
      act: () => archiving.mutate(),
    },
  ]
}

const Buttons = ({ template, draft }: ToolsProps) => {
  const t = useT()
  const notice = useNotice()
  const canWrite = useCan('content:write')
  const [open, setOpen] = useState<'publish' | 'versions' | 'settings' | null>(null)
  const actions = useActions(template)
  const save = async () => {
    await draft.save()
    await forgetTemplates()
    void notice.success(t('operate.content.saved'))
  }
  return (
    <>
      <Button onClick={() => setOpen('versions')}>{t('operate.content.versions')}</Button>
      {canWrite ? (
        <>
          <Button onClick={() => setOpen('settings')}>{t('operate.content.settings.title')}</Button>
          <Button disabled={!draft.isDirty} loading={draft.isSaving} onClick={() => void save()}>
            {t('operate.content.save')}
          </Button>
          <Button
            type="primary"
            disabled={!draft.isDirty && !template.is_changed}
            onClick={() => setOpen('publish')}
          >
            {t('operate.content.publish')}
          </Button>
          <Dropdown
            trigger={['click']}
            menu={{
              items: actions.map(({ key, label }) => ({ key, label })),
              onClick: ({ key }) => actions.find((action) => action.key === key)?.act(),
            }}
          >
            <Button icon={<MoreIcon />} aria-label={t('operate.content.more')} />
          </Dropdown>
        </>
      ) : null}
      {open === 'publish' ? (
        <PublishDialog template={template} draft={draft} onClose={() => setOpen(null)} />
      ) : null}
      {open === 'settings' ? (
        <SettingsDialog template={template} draft={draft} onClose={() => setOpen(null)} />
      ) : null}
      {open === 'versions' ? (
        <VersionsDrawer
          templateId={template.template_id}
          onRestored={() => {
            draft.reset()
            setOpen(null)
          }}
          onClose={() => setOpen(null)}
        />
      ) : null}
    </>
  )
}

/** What stands above the editor: what state the template is in, and what can be done. */
export const EditorTools = { State, Buttons }
