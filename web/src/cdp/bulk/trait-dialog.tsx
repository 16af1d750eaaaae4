import { useQuery } from '@tanstack/react-query'
import dayjs, { type Dayjs } from 'dayjs'
import { useState } from 'react'
import { useT } from '@/kernel/i18n'
import { DatePicker, Form, FormDialog, Input, InputNumber, Segmented, Select } from '@/kernel/ui'
import styles from './bulk.module.css'
import { type Action, type Doing, settableTraitsQuery, type Trait } from './queries'
import type { DialogProps } from './tag-dialog'

type Value = string | number | boolean | string[] | Dayjs | null | undefined

interface Fields {
  trait: string
  value?: Value
}

const asJson = (value: Value): unknown => (dayjs.isDayjs(value) ? value.format('YYYY-MM-DD') : value)

const ValueField = ({ trait }: { trait: Trait }) => {
  const t = useT()
  const options = trait.options.map(({ value, label }) => ({ value, label: label || value }))
  const field = {
    text: <Input maxLength={1000} autoComplete="off" />,
    number: <InputNumber className={styles.wide} suffix={trait.unit || undefined} />,
    bool: (
      <Select
        options={[
          { value: true, label: t('cdp.bulk.trait.yes') },
          { value: false, label: t('cdp.bulk.trait.no') },
        ]}
      />
    ),
    date: <DatePicker className={styles.wide} />,
    option: <Select showSearch={{ optionFilterProp: 'label' }} options={options} />,
    options: <Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} options={options} />,
  }[trait.type]
  return (
    <Form.Item
      name="value"
      label={t('cdp.bulk.trait.value')}
      rules={[{ required: true, message: t('cdp.bulk.trait.valueNeeded') }]}
    >
      {field}
    </Form.Item>
  )
}

const TraitFields = ({ isAway, onAway }: { isAway: boolean; onAway: (isAway: boolean) => void }) => {
  const t = useT()
  const form = Form.useFormInstance<Fields>()
  const chosen = Form.useWatch('trait', form)
  const { data, isPending } = useQuery(settableTraitsQuery)
  const trait = data?.find(({ name }) => name === chosen)
  return (
    <>
      <Form.Item
        name="trait"
        label={t('cdp.bulk.trait.trait')}
        extra={data?.length === 0 ? t('cdp.bulk.trait.none') : undefined}
        rules={[{ required: true, message: t('cdp.bulk.trait.needed') }]}
      >
        <Select
          autoFocus
          loading={isPending}
          showSearch={{ optionFilterProp: 'label' }}
          options={data?.map(({ name, label }) => ({ value: name, label: label || name }))}
          // What fits one trait does not fit another.
          onChange={() => form.setFieldValue('value', undefined)}
        />
      </Form.Item>
      {trait ? (
        <Form.Item>
          <Segmented<boolean>
            block
            value={isAway}
            aria-label={t('cdp.bulk.trait.way')}
            options={[
              { value: false, label: t('cdp.bulk.trait.set') },
              { value: true, label: t('cdp.bulk.trait.away') },
            ]}
            onChange={onAway}
          />
        </Form.Item>
      ) : null}
      {trait && !isAway ? <ValueField key={trait.name} trait={trait} /> : null}
    </>
  )
}

/** Which trait to set, and to what; or which to take away. */
export const TraitDialog = ({ whom, send, onSent, onClose }: DialogProps) => {
  const t = useT()
  const [isAway, setIsAway] = useState(false)
  const toDoing = ({ trait, value }: Fields): Doing => ({
    what: 'set_trait',
    trait,
    value: isAway ? null : asJson(value),
  })
  return (
    <FormDialog<Fields, Action>
      title={t('cdp.bulk.trait.title', { whom })}
      verb={t('cdp.bulk.trait.verb')}
      initial={{}}
      send={(fields) => send(toDoing(fields))}
      onSent={onSent}
      onClose={onClose}
    >
      <TraitFields isAway={isAway} onAway={setIsAway} />
    </FormDialog>
  )
}
