import { useT } from '@/kernel/i18n'
import { Form, FormDialog, InputNumber, Radio, Select } from '@/kernel/ui'
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
  return (
    <FormDialog
      title={t('cdp.segments.snapshots.planTitle')}
      verb={t('cdp.segments.snapshots.planVerb')}
      initial={USUAL}
      send={(fields: Rhythm) => addSchedule(segmentId, { ...USUAL, ...fields })}
      onSent={async () => {
        await forgetSegments()
        onClose()
      }}
      onClose={onClose}
    >
      <ScheduleFields />
    </FormDialog>
  )
}

const ScheduleFields = () => {
  const t = useT()
  const every = Form.useWatch('every', Form.useFormInstance<Rhythm>())
  return (
    <>
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
    </>
  )
}
