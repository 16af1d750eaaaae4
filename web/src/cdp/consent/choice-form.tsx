import { useT, useWord } from '@/kernel/i18n'
import { Form, FormDialog, Input, Radio, Select, useNotice } from '@/kernel/ui'
import { type NewChoice, noteChoice, refreshSuppressions } from './queries'

const CHANNELS = [
  'email',
  'sms',
  'wechat_oa',
  'wecom',
  'douyin',
  'tiktok',
  'whatsapp',
  'telegram',
  'line',
  'webpush',
] as const
const PURPOSES = ['marketing', 'transactional', 'service'] as const

/** Ask what a person said elsewhere, and what shows it. */
export const ChoiceForm = ({ personId, onClose }: { personId: number; onClose: () => void }) => {
  const t = useT()
  const word = useWord()
  const notice = useNotice()
  return (
    <FormDialog<NewChoice, unknown>
      title={t('cdp.consent.choice.title')}
      verb={t('cdp.consent.choice.send')}
      initial={{ channel: 'email', purpose: 'marketing', is_granted: true, evidence: '' }}
      send={(body) => noteChoice(personId, body)}
      onSent={async () => {
        await refreshSuppressions()
        onClose()
        notice.success(t('cdp.consent.choice.done'))
      }}
      onClose={onClose}
    >
      <p>{t('cdp.consent.choice.text')}</p>
      <Form.Item name="channel" label={t('cdp.consent.choice.channel')}>
        <Select options={CHANNELS.map((value) => ({ value, label: word('kernel.channel', value) }))} />
      </Form.Item>
      <Form.Item name="purpose" label={t('cdp.consent.choice.purpose')}>
        <Select options={PURPOSES.map((value) => ({ value, label: t(`cdp.consent.purpose.${value}`) }))} />
      </Form.Item>
      <Form.Item name="is_granted" label={t('cdp.consent.choice.answer')}>
        <Radio.Group
          options={[
            { value: true, label: t('cdp.consent.choice.yes') },
            { value: false, label: t('cdp.consent.choice.no') },
          ]}
        />
      </Form.Item>
      <Form.Item
        name="evidence"
        label={t('cdp.consent.choice.evidence')}
        rules={[
          { required: true, whitespace: true, min: 3, message: t('cdp.consent.choice.evidenceNeeded') },
        ]}
      >
        <Input
          maxLength={1000}
          autoComplete="off"
          placeholder={t('cdp.consent.choice.evidencePlaceholder')}
        />
      </Form.Item>
    </FormDialog>
  )
}
