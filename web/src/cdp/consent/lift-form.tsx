import { useT } from '@/kernel/i18n'
import { Form, FormDialog, Input, useNotice } from '@/kernel/ui'
import { liftSuppression, refreshSuppressions, type Suppressed } from './queries'

/** Ask why an address may be written to again. */
export const LiftForm = ({ row, onClose }: { row: Suppressed; onClose: () => void }) => {
  const t = useT()
  const notice = useNotice()
  return (
    <FormDialog<{ why: string }, unknown>
      title={t('cdp.consent.lift.title', { address: row.masked || '***' })}
      verb={t('cdp.consent.lift.send')}
      initial={{ why: '' }}
      send={({ why }) => liftSuppression(row.suppression_id, why)}
      onSent={async () => {
        await refreshSuppressions()
        onClose()
        notice.success(t('cdp.consent.lift.done'))
      }}
      onClose={onClose}
    >
      <p>{t('cdp.consent.lift.text', { reason: t(`cdp.consent.reason.${row.reason}`) })}</p>
      <Form.Item
        name="why"
        label={t('cdp.consent.lift.why')}
        rules={[{ required: true, whitespace: true, min: 3, message: t('cdp.consent.lift.whyNeeded') }]}
      >
        <Input autoFocus maxLength={500} autoComplete="off" />
      </Form.Item>
    </FormDialog>
  )
}
