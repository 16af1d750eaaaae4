import { useQueryClient } from '@tanstack/react-query'
import { useT } from '@/kernel/i18n'
import { Form, FormDialog, Input, Select, useNotice } from '@/kernel/ui'
import { changeCanned, keepCanned } from './canned-queries'
import { type Canned, cannedQuery, type Team } from './queries'

interface CannedDialogProps {
  /** The reply to change; without one a new one is kept. */
  canned?: Canned
  text?: string
  teams?: Team[]
  onClose: () => void
}

interface Body {
  shortcut: string
  title: string
  body: string
  team_id: number | null
}

/** Keep what was written as a saved reply, or change one. */
export const CannedDialog = ({ canned, text = '', teams = [], onClose }: CannedDialogProps) => {
  const t = useT()
  const notice = useNotice()
  const client = useQueryClient()
  const title = t(canned ? 'operate.inbox.setup.canned.change' : 'operate.inbox.composer.newCanned')
  return (
    <FormDialog<Body, Canned>
      title={title}
      verb={t(canned ? 'operate.inbox.setup.save' : 'operate.inbox.composer.newCanned')}
      initial={canned ?? { shortcut: '', title: '', body: text, team_id: null }}
      send={({ team_id = null, ...body }) => {
        const told = { ...body, team_id }
        return canned ? changeCanned(canned.canned_id, told) : keepCanned(told)
      }}
      onSent={async () => {
        notice.success(t('operate.inbox.composer.kept'))
        onClose()
        await client.invalidateQueries({ queryKey: cannedQuery.queryKey })
      }}
      onClose={onClose}
    >
      <Form.Item
        name="shortcut"
        label={t('operate.inbox.composer.shortcut')}
        extra={t('operate.inbox.composer.shortcutHint')}
        rules={[{ required: true, pattern: /^[^\s/{}]{1,40}$/ }]}
      >
        <Input />
      </Form.Item>
      <Form.Item name="title" label={t('operate.inbox.composer.cannedTitle')} rules={[{ required: true }]}>
        <Input />
      </Form.Item>
      <Form.Item
        name="body"
        label={t('operate.inbox.composer.cannedBody')}
        extra={t('operate.inbox.composer.cannedHint', { open: '{{', close: '}}' })}
        rules={[{ required: true }]}
      >
        <Input.TextArea rows={5} />
      </Form.Item>
      {teams.length > 0 ? (
        <Form.Item name="team_id" label={t('operate.inbox.setup.canned.team')}>
          <Select
            allowClear
            placeholder={t('operate.inbox.setup.everybody')}
            options={teams.map(({ team_id, name }) => ({ value: team_id, label: name }))}
          />
        </Form.Item>
      ) : null}
    </FormDialog>
  )
}
