import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { Alert, Button, FileDrop, Form, Input, Modal, Refusal, Select } from '@/kernel/ui'
import styles from './consent.module.css'
import { type ConsentsImported, importConsents, refreshSuppressions } from './queries'

const CHANNELS = [
  'email',
  'sms',
  'wechat_oa',
  'wecom',
  'douyin',
  'whatsapp',
  'telegram',
  'line',
  'tiktok',
  'webpush',
] as const

const Result = ({ found }: { found: ConsentsImported }) => {
  const t = useT()
  const { count } = useFormats()
  const lines = found.refused_rows
    .slice(0, 8)
    .map(({ row, why }) =>
      t('cdp.consent.consents.line', { row: count(row), why: t(`cdp.consent.consents.why.${why}`) }),
    )
  const told = {
    rows: count(found.rows),
    granted: count(found.granted),
    withdrawn: count(found.withdrawn),
    refused: count(found.refused),
  }
  return (
    <Alert
      className={styles.result}
      type={found.refused > 0 ? 'warning' : found.is_trial ? 'info' : 'success'}
      title={found.is_trial ? t('cdp.consent.consents.trial', told) : t('cdp.consent.consents.done', told)}
      description={lines.length > 0 ? lines.map((line) => <div key={line}>{line}</div>) : undefined}
    />
  )
}

/** What people agreed to elsewhere, from a file; looked at first, and no yes without evidence. */
export const ConsentsDialog = ({ onClose }: { onClose: () => void }) => {
  const t = useT()
  const word = useWord()
  const [file, setFile] = useState<File | null>(null)
  const [channel, setChannel] = useState<string[]>([])
  const [evidence, setEvidence] = useState('')
  const sending = useMutation({
    mutationFn: (isTrial: boolean) => {
      if (!file) throw new Error(t('cdp.consent.consents.drop'))
      return importConsents({ file, channel: channel.join(','), evidence, isTrial })
    },
    onSuccess: refreshSuppressions,
  })
  const found = sending.data
  const isDone = found !== undefined && !found.is_trial
  const changed =
    <Value,>(set: (value: Value) => void) =>
    (value: Value) => {
      sending.reset()
      set(value)
    }
  const footer = isDone ? (
    <Button type="primary" onClick={onClose}>
      {t('cdp.consent.upload.close')}
    </Button>
  ) : (
    <>
      <Button disabled={!file} loading={sending.isPending && !found} onClick={() => sending.mutate(true)}>
        {t('cdp.consent.consents.check')}
      </Button>
      <Button
        type="primary"
        disabled={!file || !found || found.granted + found.withdrawn === 0}
        loading={sending.isPending}
        onClick={() => sending.mutate(false)}
      >
        {t('cdp.consent.consents.send')}
      </Button>
    </>
  )
  return (
    <Modal open title={t('cdp.consent.consents.title')} footer={footer} onCancel={onClose}>
      <p>{t('cdp.consent.consents.text')}</p>
      <FileDrop
        label={t('cdp.consent.consents.drop')}
        accept=".csv,text/csv"
        file={file}
        isDisabled={sending.isPending || isDone}
        onFile={changed(setFile)}
      />
      <Form layout="vertical" className={styles.usual} disabled={isDone}>
        <Form.Item label={t('cdp.consent.consents.channel')} extra={t('cdp.consent.consents.usual')}>
          <Select
            mode="multiple"
            value={channel}
            aria-label={t('cdp.consent.consents.channel')}
            options={CHANNELS.map((value) => ({ value, label: word('kernel.channel', value) }))}
            onChange={changed(setChannel)}
          />
        </Form.Item>
        <Form.Item label={t('cdp.consent.consents.evidence')} extra={t('cdp.consent.consents.evidenceHint')}>
          <Input
            value={evidence}
            maxLength={1000}
            aria-label={t('cdp.consent.consents.evidence')}
            placeholder={t('cdp.consent.choice.evidencePlaceholder')}
            onChange={({ target }) => changed(setEvidence)(target.value)}
          />
        </Form.Item>
      </Form>
      <Refusal error={sending.error} />
      {found ? <Result found={found} /> : null}
    </Modal>
  )
}
