import { useMutation } from '@tanstack/react-query'
import { ApiError } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { Alert, Form, InputNumber, Modal, Radio, Select } from '@/kernel/ui'
import { addSchedule, forgetSegments, type Rhythm } from '../queries'

const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7'] as const
const USUAL: Rhythm = { every: 'day', weekday: 1, hour: 6, keep: 30 }

interface ScheduleDialogProps {
  segmentId: number
  onClose: () => void
}

/** When lists of a segment's people are to be made. */
export const ScheduleDialog = ({ segmentId, onClose }: ScheduleDialogProps) => {
  const t = useT()
  const [form] = Form.useForm<Rhythm>()
  const every = Form.useWatch('every', form) ?? USUAL.every
  const save = useMutation({
    mutationFn: (fields: Rhythm) => addSchedule(segmentId, { ...USUAL, ...fields }),
    onSuccess: async () => {
      await forgetSegments()
      onClose()
    },
  })
  return (
    <Modal
      open
      title={t('cdp.segments.snapshots.planTitle')}
      okText={t('cdp.segments.snapshots.planVerb')}
      cancelText={t('kernel.ui.cancel')}
      okButtonProps={{ loading: save.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={USUAL}
        onFinish={(fields) => save.mutate(fields)}
      >
        <Form.Item name="every" label={t('cdp.segments.snapshots.every')}>
          <Radio.Group
            options={(['day', 'week'] as const).map((value) => ({
              value,
              label: t(`cdp.segments.snapshots.rhythm.${value}`),
            }))}
          />
        </Form.Item>
        {every === 'week' ? (
          <Form.Item name="weekday" label={t('cdp.segments.snapshots.on')}>
            <Select
              options={WEEKDAYS.map((day) => ({
                value: Number(day),
                label: t(`cdp.segments.snapshots.weekday.${day}`),
              }))}
            />
          </Form.Item>
        ) : null}
        <Form.Item name="hour" label={t('cdp.segments.snapshots.hour')}>
          <InputNumber min={0} max={23} precision={0} suffix=":00" />
        </Form.Item>
        <Form.Item name="keep" label={t('cdp.segments.snapshots.keep')}>
          <InputNumber min={1} max={366} precision={0} />
        </Form.Item>
        {save.error ? (
          <Alert
            role="alert"
            type="error"
            title={save.error.message || t('kernel.ui.failed')}
            description={save.error instanceof ApiError ? save.error.hint : undefined}
          />
        ) : null}
      </Form>
    </Modal>
  )
}
