import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Alert, Button, FileDrop, Modal, Refusal } from '@/kernel/ui'
import styles from './consent.module.css'
import { type Imported, importFile, refreshSuppressions } from './queries'

const Result = ({ done }: { done: Imported }) => {
  const t = useT()
  const format = useFormats()
  const lines = done.refused_rows.map(({ row }) => format.count(row)).join(', ')
  const refused =
    done.refused > 0
      ? t('cdp.consent.upload.refused', { count: done.refused, shown: format.count(done.refused), lines })
      : undefined
  return (
    <Alert
      className={styles.result}
      type={done.refused > 0 ? 'warning' : 'success'}
      title={t('cdp.consent.upload.result', {
        count: done.rows,
        shown: format.count(done.rows),
        added: format.count(done.added),
      })}
      description={refused}
    />
  )
}

/** A file of addresses that are to be written to no more. */
export const ImportDialog = ({ onClose }: { onClose: () => void }) => {
  const t = useT()
  const [file, setFile] = useState<File | null>(null)
  const sending = useMutation({ mutationFn: importFile, onSuccess: refreshSuppressions })
  const footer = sending.data ? (
    <Button type="primary" onClick={onClose}>
      {t('cdp.consent.upload.close')}
    </Button>
  ) : (
    <Button
      type="primary"
      disabled={!file}
      loading={sending.isPending}
      onClick={() => file && sending.mutate(file)}
    >
      {t('cdp.consent.upload.send')}
    </Button>
  )
  return (
    <Modal open title={t('cdp.consent.upload.title')} footer={footer} onCancel={onClose}>
      <p>{t('cdp.consent.upload.text')}</p>
      <FileDrop
        label={t('cdp.consent.upload.drop')}
        accept=".csv,.txt,text/csv"
        file={file}
        isDisabled={sending.isPending}
        onFile={(chosen) => {
          sending.reset()
          setFile(chosen)
        }}
      />
      <Refusal error={sending.error} />
      {sending.data ? <Result done={sending.data} /> : null}
    </Modal>
  )
}
