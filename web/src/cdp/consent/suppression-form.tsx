import { useT, useWord } from '@/kernel/i18n'
import { Form, FormDialog, Input, Radio, Select, useNotice } from '@/kernel/ui'
import { addSuppression, CHANNELS, type NewSuppression, refreshSuppressions } from './queries'

const NEW: NewSuppression = { kind: 'email', address: '', channel: '', purpose: '', note: '' }

/** Ask for an address that is to be written to no more. */
export const SuppressionForm = ({ onClose }: { onClose: () => void }) => {
  const t = useT()
  const word = useWord()
  const notice = useNotice()
  return (
    <FormDialog<NewSuppression, { added: number }>
      title={t('cdp.consent.form.title')}
      verb={t('cdp.consent.form.send')}
      initial={NEW}
      send={(body) => addSuppression({ ...NEW, ...body })}
      onSent={async ({ added }) => {
        await refreshSuppressions()
        onClose()
        notice.success(t(added ? 'cdp.consent.form.added' : 'cdp.consent.form.known'))
      }}
      onClose={onClose}
    >
      <Form.Item name="kind" label={t('cdp.consent.form.kind')}>
        <Radio.Group
          options={(['email', 'phone'] as const).map((value) => ({
            value,
            label: t(`cdp.consent.form.${value}`),
          }))}
        />
      </Form.Item>
      <Form.Item
        name="address"
        label={t('cdp.consent.form.address')}
        rules={[{ required: true, whitespace: true, min: 3, message: t('cdp.consent.form.addressNeeded') }]}
      >
        <Input autoFocus autoComplete="off" spellCheck={false} />
      </Form.Item>
      <Form.Item name="channel" label={t('cdp.consent.form.channel')}>
        <Select
          options={['', ...CHANNELS].map((value) => ({
            value,
            label: value ? word('kernel.channel', value) : t('cdp.consent.form.allChannels'),
          }))}
        />
      </Form.Item>
      <Form.Item name="purpose" label={t('cdp.consent.form.purpose')}>
        <Select
          options={[
            { value: '', label: t('cdp.consent.form.all') },
            { value: 'marketing', label: t('cdp.consent.form.marketing') },
          ]}
        />
      </Form.Item>
      <Form.Item name="note" label={t('cdp.consent.form.note')}>
        <Input maxLength={500} autoComplete="off" placeholder={t('cdp.consent.form.notePlaceholder')} />
      </Form.Item>
    </FormDialog>
  )
}
