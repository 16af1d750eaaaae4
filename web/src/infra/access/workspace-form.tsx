import { useT } from '@/kernel/i18n'
import { Form, Input, InputNumber, Select } from '@/kernel/ui'

const zones = (): string[] => ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]
const currencies = (): string[] => Intl.supportedValuesOf('currency')

/** The fields of a workspace, new or not. */
export const WorkspaceFields = () => {
  const t = useT()
  const required = { required: true, message: t('infra.access.required') }
  const options = (values: string[]) => values.map((value) => ({ value, label: value }))
  return (
    <>
      <Form.Item name="name" label={t('infra.access.workspace.name')} rules={[required]}>
        <Input />
      </Form.Item>
      <Form.Item
        name="time_zone"
        label={t('infra.access.workspace.timeZone')}
        extra={t('infra.access.workspace.timeZoneHint')}
      >
        <Select showSearch options={options(zones())} />
      </Form.Item>
      <Form.Item
        name="reporting_currency"
        label={t('infra.access.workspace.currency')}
        extra={t('infra.access.workspace.currencyHint')}
      >
        <Select showSearch options={options(currencies())} />
      </Form.Item>
      <Form.Item
        name="default_region"
        label={t('infra.access.workspace.region')}
        extra={t('infra.access.workspace.regionHint')}
        rules={[required]}
      >
        <Input maxLength={2} style={{ width: 80 }} />
      </Form.Item>
    </>
  )
}

const inPercent = (margin: unknown): number | undefined =>
  typeof margin === 'number' ? Math.round(margin * 1000) / 10 : undefined

/** The share of revenue that is left after the cost of what was sold: what the verdict on spend is measured by. */
export const MarginField = () => {
  const t = useT()
  return (
    <Form.Item
      name="margin"
      label={t('infra.access.workspace.margin')}
      extra={t('infra.access.workspace.marginHint')}
      getValueProps={(margin: unknown) => ({ value: inPercent(margin) })}
      normalize={(percent: number | null) => (percent === null ? null : percent / 100)}
      rules={[{ required: true, message: t('infra.access.required') }]}
    >
      <InputNumber min={1} max={100} precision={1} suffix="%" style={{ width: 120 }} />
    </Form.Item>
  )
}
