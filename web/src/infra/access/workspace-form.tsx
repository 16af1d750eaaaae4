import { useT } from '@/kernel/i18n'
import { Form, Input, Select } from '@/kernel/ui'

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
