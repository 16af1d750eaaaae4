import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Alert, Button, Checkbox, FileDrop, Loading, Modal, Refusal } from '@/kernel/ui'
import { ImportReportView } from './import-report'
import { forgetTraits, importTraits } from './queries'
import styles from './traits.module.css'

/** Bring traits in from a file: first what would come of it, then the deed. */
export const ImportDialog = ({ onClose }: { onClose: () => void }) => {
  const t = useT()
  const [file, setFile] = useState<File | null>(null)
  const [makesPeople, setMakesPeople] = useState(false)
  const trial = useMutation({
    mutationFn: (input: { file: File; makesPeople: boolean }) =>
      importTraits(input.file, { isDry: true, makesPeople: input.makesPeople }),
  })
  const deed = useMutation({
    mutationFn: (chosen: File) => importTraits(chosen, { isDry: false, makesPeople }),
    onSuccess: forgetTraits,
  })
  const tryOut = (chosen: File, makes: boolean) => {
    setFile(chosen)
    setMakesPeople(makes)
    deed.reset()
    trial.mutate({ file: chosen, makesPeople: makes })
  }
  const report = trial.data
  const changes = report ? report.changed + report.created : 0
  const footer = deed.data
    ? [
        <Button key="close" type="primary" onClick={onClose}>
          {t('cdp.traits.import.close')}
        </Button>,
      ]
    : [
        <Button key="cancel" onClick={onClose}>
          {t('kernel.ui.cancel')}
        </Button>,
        <Button
          key="import"
          type="primary"
          disabled={!file || !report || trial.isPending || changes === 0}
          loading={deed.isPending}
          onClick={() => file && deed.mutate(file)}
        >
          {t('cdp.traits.import.verb')}
        </Button>,
      ]
  return (
    <Modal open width={680} title={t('cdp.traits.import.title')} footer={footer} onCancel={onClose}>
      <div className={styles.import}>
        {deed.data ? (
          <Alert type="success" showIcon title={t('cdp.traits.import.done', { count: deed.data.changed })} />
        ) : (
          <>
            <p className={styles.muted}>{t('cdp.traits.import.text')}</p>
            <FileDrop
              label={t('cdp.traits.import.choose')}
              hint={t('cdp.traits.import.hint')}
              accept=".csv,text/csv"
              file={file}
              isDisabled={deed.isPending}
              onFile={(chosen) => tryOut(chosen, makesPeople)}
            />
            <Checkbox
              checked={makesPeople}
              disabled={deed.isPending}
              onChange={({ target }) =>
                file ? tryOut(file, target.checked) : setMakesPeople(target.checked)
              }
            >
              {t('cdp.traits.import.create')}
            </Checkbox>
          </>
        )}
        {trial.isPending ? <Loading rows={3} /> : null}
        <Refusal error={deed.error ?? trial.error} />
        {report && !trial.isPending && !trial.error ? (
          <ImportReportView report={deed.data ?? report} isDone={deed.data !== undefined} />
        ) : null}
      </div>
    </Modal>
  )
}
