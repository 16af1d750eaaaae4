import { useQuery } from '@tanstack/react-query'
import dayjs from 'dayjs'
import { useT } from '@/kernel/i18n'
import { Checkbox, DatePicker, InputNumber, Select } from '@/kernel/ui'
import styles from './autoreply.module.css'
import { Field } from './field'
import { accountsQuery, segmentsQuery } from './queries'
import { SpanFields } from './span-fields'
import type { Conditions } from './types'

const MINUTE_S = 60
const EVERYBODY = 0

interface ConditionFieldsProps {
  when: Conditions
  onChange: (when: Conditions) => void
}

/** Where, for whom and when a rule holds. */
export const ConditionFields = ({ when, onChange }: ConditionFieldsProps) => {
  const t = useT()
  const accounts = useQuery(accountsQuery)
  const segments = useQuery(segmentsQuery)
  const put = (changes: Partial<Conditions>) => onChange({ ...when, ...changes })
  return (
    <>
      <Field label={t('operate.autoreply.accounts')}>
        <Select
          mode="multiple"
          placeholder={t('operate.autoreply.allAccounts')}
          value={when.accounts ?? []}
          options={accounts.data?.items.map(({ account_id: value, name }) => ({ value, label: name }))}
          onChange={(ids) => put({ accounts: ids })}
        />
      </Field>
      <div className={styles.pair}>
        <Field label={t('operate.autoreply.segment')}>
          <Select
            value={when.segment_id ?? EVERYBODY}
            options={[
              { value: EVERYBODY, label: t('operate.autoreply.everybody') },
              ...(segments.data?.items ?? []).map(({ segment_id: value, name }) => ({ value, label: name })),
            ]}
            onChange={(id) => put({ segment_id: id === EVERYBODY ? null : id })}
          />
        </Field>
        <Field label={t('operate.autoreply.inOrOut')}>
          <Select
            disabled={!when.segment_id}
            value={when.is_in_segment ?? true}
            options={[
              { value: true, label: t('operate.autoreply.isIn') },
              { value: false, label: t('operate.autoreply.isOut') },
            ]}
            onChange={(isIn) => put({ is_in_segment: isIn })}
          />
        </Field>
      </div>
      <div className={styles.pair}>
        <Field label={t('operate.autoreply.hours.label')}>
          <Select
            value={when.hours ?? 'always'}
            options={(['always', 'open', 'closed'] as const).map((value) => ({
              value,
              label: t(`operate.autoreply.hours.${value}`),
            }))}
            onChange={(hours) => put({ hours })}
          />
        </Field>
        <Field label={t('operate.autoreply.cooldown')}>
          <InputNumber
            min={0}
            max={525_600}
            disabled={when.is_once ?? false}
            value={Math.round((when.cooldown_s ?? 0) / MINUTE_S)}
            onChange={(minutes) => put({ cooldown_s: (minutes ?? 0) * MINUTE_S })}
          />
        </Field>
      </div>
      <SpanFields spans={when.spans ?? []} onChange={(spans) => put({ spans })} />
      <div className={styles.pair}>
        {(['first_on', 'last_on'] as const).map((name) => (
          <Field key={name} label={t(`operate.autoreply.${name}`)}>
            <DatePicker
              className={styles.wide}
              value={when[name] ? dayjs(when[name]) : null}
              onChange={(day) => put({ [name]: day?.format('YYYY-MM-DD') ?? null })}
            />
          </Field>
        ))}
      </div>
      <Checkbox checked={when.is_once ?? false} onChange={({ target }) => put({ is_once: target.checked })}>
        {t('operate.autoreply.once')}
      </Checkbox>
    </>
  )
}
