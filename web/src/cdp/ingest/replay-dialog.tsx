import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, api, type Schemas, unwrap } from '@/kernel/api'
import { said, useT } from '@/kernel/i18n'
import { Alert, Input, Modal, useNotice } from '@/kernel/ui'
import styles from './ingest.module.css'
import { refreshIngest } from './queries'

const pretty = (payload: string): string => {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2)
  } catch {
    return payload
  }
}

const faultOf = (text: string): string | null => {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

interface ReplayDialogProps {
  event: Schemas['RejectedEvent']
  onClose: () => void
}

/** A refused event as text to correct, and its way back in. */
export const ReplayDialog = ({ event, onClose }: ReplayDialogProps) => {
  const t = useT()
  const notice = useNotice()
  const [text, setText] = useState(() => pretty(event.payload))
  const [refusal, setRefusal] = useState<string | null>(said(event.message))
  const fault = faultOf(text)

  const replay = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST('/api/ingest/rejected/{rejected_id}/replay', {
          params: { path: { rejected_id: event.id } },
          body: { payload: text },
        }),
      ),
    onSuccess: async ({ accepted, message }) => {
      await refreshIngest()
      if (accepted) {
        notice.success(t('cdp.ingest.refused.taken'))
        onClose()
      } else {
        setRefusal(t('cdp.ingest.refused.still', { reason: said(message ?? '') }))
      }
    },
    onError: (error) => setRefusal(error instanceof ApiError ? error.message : String(error)),
  })
  const problem = fault ? t('cdp.ingest.refused.notJson', { reason: fault }) : refusal
  return (
    <Modal
      open
      width={640}
      title={t('cdp.ingest.refused.dialog')}
      onCancel={onClose}
      okText={t('cdp.ingest.refused.send')}
      okButtonProps={{ disabled: fault !== null, loading: replay.isPending }}
      onOk={() => replay.mutate()}
    >
      <p className={styles.lead}>{t('cdp.ingest.refused.dialogText')}</p>
      {problem ? <Alert type="warning" title={problem} style={{ marginBottom: 12 }} /> : null}
      <Input.TextArea
        className={styles.editor}
        aria-label={t('cdp.ingest.refused.json')}
        value={text}
        onChange={({ target }) => {
          setText(target.value)
          setRefusal(null)
        }}
        autoSize={{ minRows: 8, maxRows: 20 }}
        spellCheck={false}
      />
    </Modal>
  )
}
