import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, type Schemas, unwrap } from '@/kernel/api'
import { refreshMe, useCan, useMe, useWorkspace } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, Form, Modal, Page, Panel, Refusal, useNotice } from '@/kernel/ui'
import { PlusIcon } from '@/kernel/ui/icons'
import { RatesPanel } from './rates-panel'
import styles from './settings.module.css'
import { MarginField, WorkspaceFields } from './workspace-form'

type Patch = Schemas['WorkspacePatch']
type New = Schemas['WorkspaceIn']

const NewWorkspace = ({ onClose }: { onClose: () => void }) => {
  const t = useT()
  const navigate = useNavigate()
  const here = useWorkspace()
  const [form] = Form.useForm<New>()
  const create = useMutation({
    mutationFn: async (body: New) => {
      const made = await unwrap(api.POST('/api/workspaces', { body }))
      await unwrap(api.POST('/api/auth/workspace', { body: { workspace_id: made.id } }))
      await refreshMe()
      await navigate({ to: '/' })
    },
    onSuccess: onClose,
  })
  const initial = {
    time_zone: here?.time_zone ?? 'UTC',
    default_region: here?.default_region ?? 'US',
    reporting_currency: here?.reporting_currency ?? 'USD',
  }
  return (
    <Modal
      open
      title={t('infra.access.workspace.newTitle')}
      okText={t('infra.access.workspace.create')}
      okButtonProps={{ loading: create.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <p className={styles.lead}>{t('infra.access.workspace.newText')}</p>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={initial}
        onFinish={(body) => create.mutate(body)}
      >
        <WorkspaceFields />
        <Refusal error={create.error} />
      </Form>
    </Modal>
  )
}

/** What holds for everybody in this workspace. */
const WorkspacePage = () => {
  const t = useT()
  const notice = useNotice()
  const me = useMe()
  const workspace = useWorkspace()
  const canWrite = useCan('workspace:write')
  const canAdd = useCan('workspaces:write')
  const [isAdding, setIsAdding] = useState(false)
  const save = useMutation({
    mutationFn: (body: Patch) => unwrap(api.PATCH('/api/workspace', { body })),
    onSuccess: async () => {
      await refreshMe()
      notice.success(t('infra.access.workspace.saved'))
    },
  })
  if (!workspace || !me) return null
  const add = canAdd ? (
    <Button icon={<PlusIcon />} onClick={() => setIsAdding(true)}>
      {t('infra.access.workspace.new')}
    </Button>
  ) : null
  return (
    <Page title={t('app.shell.settings.workspace')}>
      <div className={styles.pair}>
        <Panel
          title={t('app.shell.settings.workspace')}
          note={t(canWrite ? 'infra.access.workspace.note' : 'infra.access.workspace.readOnly')}
          actions={add}
        >
          <Form<Patch>
            key={workspace.id}
            className={styles.form}
            layout="vertical"
            requiredMark={false}
            disabled={!canWrite}
            initialValues={workspace}
            onFinish={(body) => save.mutate(body)}
          >
            <WorkspaceFields />
            <MarginField />
            <Refusal error={save.error} />
            {canWrite ? (
              <Button type="primary" htmlType="submit" loading={save.isPending}>
                {t('infra.access.workspace.save')}
              </Button>
            ) : null}
          </Form>
        </Panel>
        <RatesPanel currency={workspace.reporting_currency} />
      </div>
      {isAdding ? <NewWorkspace onClose={() => setIsAdding(false)} /> : null}
    </Page>
  )
}

export default WorkspacePage
