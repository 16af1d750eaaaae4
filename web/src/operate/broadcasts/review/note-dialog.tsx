import { useT } from '@/kernel/i18n'
import { Form, FormDialog, Input, useNotice } from '@/kernel/ui'
import { approveBroadcast, refreshBroadcasts, rejectBroadcast } from '../queries'
import type { Broadcast } from '../types'

interface NoteDialogProps {
  broadcast: Broadcast
  verdict: 'approve' | 'reject'
  /** What agreeing to it means. */
  text: string
  onClose: () => void
}

/** Agree to a broadcast, or send it back; the latter says what should be changed. */
export const NoteDialog = ({ broadcast, verdict, text, onClose }: NoteDialogProps) => {
  const t = useT()
  const notice = useNotice()
  const { broadcast_id: id, version } = broadcast
  const isNo = verdict === 'reject'
  return (
    <FormDialog<{ note?: string }, Broadcast>
      title={t(isNo ? 'operate.broadcasts.review.rejectTitle' : 'operate.broadcasts.review.approveTitle')}
      verb={t(isNo ? 'operate.broadcasts.act.reject' : 'operate.broadcasts.act.approve')}
      initial={{}}
      send={({ note = '' }) => (isNo ? rejectBroadcast : approveBroadcast)(id, version, note)}
      onSent={async () => {
        await refreshBroadcasts()
        void notice.success(t(isNo ? 'operate.broadcasts.done.rejected' : 'operate.broadcasts.done.approved'))
        onClose()
      }}
      onClose={onClose}
    >
      {isNo ? null : <p>{text}</p>}
      <Form.Item
        name="note"
        label={t(isNo ? 'operate.broadcasts.review.rejectNote' : 'operate.broadcasts.review.note')}
        rules={isNo ? [{ required: true, whitespace: true }] : []}
      >
        <Input.TextArea rows={3} maxLength={2000} />
      </Form.Item>
    </FormDialog>
  )
}
