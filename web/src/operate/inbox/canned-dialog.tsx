import { useQueryClient } from '@tanstack/react-query'
import { useT } from '@/kernel/i18n'
import { Form, FormDialog, Input, useNotice } from '@/kernel/ui'
import { cannedQuery, keepCanned } from './queries'

interface CannedDialogProps {
  text: string
  onClose: () => void
}

/** Keep what was written as a saved reply. */
export const CannedDialog = ({ text, onClose }: CannedDialogProps) => {
  const t = useT()
  const notice = useNotice()
  const client = useQueryClient()
  return (
    <FormDialog
      title={t('operate.inbox.composer.newCanned')}
      verb={t('operate.inbox.composer.newCanned')}
      initial={{ shortcut: '', title: '', body: text }}
      send={keepCanned}
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
    </FormDialog>
  )
}
