import { useQuery } from '@tanstack/react-query'
import dayjs, { type Dayjs } from 'dayjs'
import { useDeferredValue, useState } from 'react'
import { api, unwrap, type VerdictRow } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { AutoComplete, DatePicker, Form, FormDialog, Input, Select } from '@/kernel/ui'
import styles from './geo-tests.module.css'
import { refreshGeoTests, regionsQuery } from './queries'

const ISO = 'YYYY-MM-DD'
const TRAITS = ['region', 'province', 'city', 'country'] as const

interface Fields {
  source: string
  campaign?: string
  trait: string
  regions: string[]
  started: Dayjs
  ended?: Dayjs | null
  before?: Dayjs | null
  note?: string
}

const bodyOf = ({ source, campaign, trait, regions, started, ended, before, note }: Fields) => ({
  source,
  campaign: campaign?.trim() || null,
  trait: trait.trim(),
  regions,
  started_on: started.format(ISO),
  ended_on: ended?.format(ISO) ?? null,
  before_on: before?.format(ISO) ?? null,
  note: note ?? '',
})

/** The regions to choose from, by the trait that was typed. */
const useRegions = (trait: string) => {
  const t = useT()
  const format = useFormats()
  const query = useQuery(regionsQuery(trait))
  const options = (query.data?.items ?? []).map(({ region, people }) => ({
    value: region,
    label: t('measure.verdict.geo.region', { region, count: people, shown: format.count(people) }),
  }))
  return { options, isPending: query.isFetching }
}

interface GeoTestFormProps {
  /** The channels that can be switched. */
  rows: VerdictRow[]
  onClose: () => void
}

/** What is off, where, and since when. */
export const GeoTestForm = ({ rows, onClose }: GeoTestFormProps) => {
  const t = useT()
  return (
    <FormDialog
      title={t('measure.verdict.geo.addTitle')}
      verb={t('measure.verdict.geo.save')}
      initial={{ trait: TRAITS[0], regions: [] }}
      send={(fields: Fields) => unwrap(api.POST('/api/measure/geo-tests', { body: bodyOf(fields) }))}
      onSent={async () => {
        await refreshGeoTests()
        onClose()
      }}
      onClose={onClose}
    >
      <GeoTestFields rows={rows} />
    </FormDialog>
  )
}

const GeoTestFields = ({ rows }: Pick<GeoTestFormProps, 'rows'>) => {
  const t = useT()
  const form = Form.useFormInstance<Fields>()
  const [trait, setTrait] = useState<string>(TRAITS[0])
  const regions = useRegions(useDeferredValue(trait))
  const today = dayjs(useFormats().today())
  const needed = [{ required: true, message: t('measure.verdict.geo.required') }]
  return (
    <>
      <Form.Item name="source" label={t('measure.verdict.geo.source')} rules={needed}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          options={rows.map(({ channel, name }) => ({ value: channel, label: name || channel }))}
        />
      </Form.Item>
      <Form.Item
        name="campaign"
        label={t('measure.verdict.geo.campaign')}
        extra={t('measure.verdict.geo.campaignHint')}
      >
        <Input />
      </Form.Item>
      <Form.Item name="trait" label={t('measure.verdict.geo.trait')} rules={needed}>
        <AutoComplete
          options={TRAITS.map((value) => ({ value }))}
          onChange={(typed: string) => {
            setTrait(typed.trim())
            form.setFieldValue('regions', [])
          }}
        />
      </Form.Item>
      <Form.Item
        name="regions"
        label={t('measure.verdict.geo.regions')}
        extra={t('measure.verdict.geo.regionsHint')}
        rules={needed}
      >
        <Select
          mode="multiple"
          options={regions.options}
          loading={regions.isPending}
          notFoundContent={regions.isPending ? null : t('measure.verdict.geo.noRegions')}
        />
      </Form.Item>
      <div className={styles.dates}>
        <Form.Item name="started" label={t('measure.verdict.geo.started')} rules={needed}>
          <DatePicker maxDate={today} />
        </Form.Item>
        <Form.Item
          name="ended"
          label={t('measure.verdict.geo.ended')}
          extra={t('measure.verdict.geo.endedHint')}
        >
          <DatePicker maxDate={today} />
        </Form.Item>
        <Form.Item
          name="before"
          label={t('measure.verdict.geo.before')}
          extra={t('measure.verdict.geo.beforeHint')}
        >
          <DatePicker maxDate={today} />
        </Form.Item>
      </div>
      <Form.Item name="note" label={t('measure.verdict.geo.remark')}>
        <Input />
      </Form.Item>
    </>
  )
}
