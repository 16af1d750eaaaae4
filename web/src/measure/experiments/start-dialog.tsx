import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Form, FormDialog, Input, InputNumber, Radio, Select } from '@/kernel/ui'
import styles from './experiments.module.css'
import { useOutcome } from './outcome'
import {
  builtSegmentsQuery,
  forgetExperiments,
  type NewExperiment,
  type Outcome,
  planQuery,
  startExperiment,
} from './queries'

const OUTCOMES = ['revenue', 'orders', 'buyers'] as const

interface Fields {
  name: string
  hypothesis?: string
  segment_id: number
  percent: number
  outcome: Outcome
  days: number
}

const bodyOf = ({ percent, hypothesis, ...rest }: Fields): NewExperiment => ({
  ...rest,
  hypothesis: hypothesis ?? '',
  treated_share: percent / 100,
  days_before: 84,
})

/** What could be seen, before anybody is dealt. */
const Foresight = () => {
  const t = useT()
  const format = useFormats()
  const form = Form.useFormInstance<Fields>()
  const { segment_id, percent, outcome = 'revenue', days } = Form.useWatch((all: Fields) => all, form) ?? {}
  const asked = useDeferredValue({
    segment_id: segment_id ?? 0,
    outcome,
    treated_share: (percent ?? 50) / 100,
    days: days ?? 28,
  })
  const { each, sum } = useOutcome(asked.outcome)
  const query = useQuery({
    ...planQuery(asked),
    enabled: asked.segment_id > 0,
    placeholderData: keepPreviousData,
  })
  const plan = query.data
  if (!plan) return null
  const arms = t('measure.experiments.plan.arms', {
    treated: format.count(plan.treated),
    control: format.count(plan.control),
  })
  return (
    <div className={styles.plan} role="status">
      <p>{arms}</p>
      {plan.lift === null || plan.difference === null || plan.held_back === null ? (
        <p>{t('measure.experiments.plan.unknown')}</p>
      ) : (
        <p>
          {t('measure.experiments.plan.smallest', {
            lift: format.share(plan.lift),
            difference: each(plan.difference),
            held: sum(plan.held_back),
          })}
        </p>
      )}
    </div>
  )
}

const ExperimentFields = () => {
  const t = useT()
  const segments = useQuery(builtSegmentsQuery)
  const format = useFormats()
  const needed = [{ required: true, message: t('measure.experiments.form.required') }]
  return (
    <>
      <Form.Item name="name" label={t('measure.experiments.form.name')} rules={needed}>
        <Input maxLength={180} placeholder={t('measure.experiments.form.namePlaceholder')} />
      </Form.Item>
      <Form.Item name="segment_id" label={t('measure.experiments.form.segment')} rules={needed}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          loading={segments.isPending}
          options={segments.data?.map(({ segment_id: value, name, size }) => ({
            value,
            label: `${name} (${format.count(size)})`,
          }))}
        />
      </Form.Item>
      <Form.Item
        name="percent"
        label={t('measure.experiments.form.share')}
        extra={t('measure.experiments.form.shareHint')}
      >
        <InputNumber min={1} max={99} precision={0} suffix="%" />
      </Form.Item>
      <Form.Item name="outcome" label={t('measure.experiments.form.outcome')}>
        <Radio.Group
          options={OUTCOMES.map((value) => ({ value, label: t(`measure.experiments.outcome.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="days" label={t('measure.experiments.form.days')} rules={needed}>
        <InputNumber min={1} max={365} precision={0} />
      </Form.Item>
      <Form.Item name="hypothesis" label={t('measure.experiments.form.hypothesis')}>
        <Input.TextArea rows={2} maxLength={2000} />
      </Form.Item>
      <Foresight />
    </>
  )
}

interface StartDialogProps {
  segmentId?: number
  onClose: () => void
}

/** Whose people, how many of them, for how long; and what that would be able to show. */
export const StartDialog = ({ segmentId, onClose }: StartDialogProps) => {
  const t = useT()
  return (
    <FormDialog
      title={t('measure.experiments.form.title')}
      verb={t('measure.experiments.form.verb')}
      initial={{ segment_id: segmentId, percent: 50, outcome: 'revenue', days: 28 } satisfies Partial<Fields>}
      send={(fields: Fields) => startExperiment(bodyOf(fields))}
      onSent={async () => {
        await forgetExperiments()
        onClose()
      }}
      onClose={onClose}
    >
      <ExperimentFields />
    </FormDialog>
  )
}
