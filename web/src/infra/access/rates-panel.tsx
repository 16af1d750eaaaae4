import { useMutation, useQuery } from '@tanstack/react-query'
import dayjs from 'dayjs'
import { api, type Schemas, unwrap } from '@/kernel/api'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, DatePicker, Form, Input, Loaded, Panel, Refusal, useNotice } from '@/kernel/ui'
import { ratesQuery, refreshAccess } from './queries'
import styles from './settings.module.css'

interface Rates {
  items: { currency: string; valid_from: string; rate: string }[]
}

interface RatesFormProps {
  rates: Schemas['Rates-Output']
  currency: string
}

const RatesForm = ({ rates, currency }: RatesFormProps) => {
  const t = useT()
  const notice = useNotice()
  const canWrite = useCan('rates:write')
  const save = useMutation({
    mutationFn: (body: Rates) => unwrap(api.PUT('/api/currency-rates', { body })),
    onSuccess: async () => {
      await refreshAccess()
      notice.success(t('infra.access.rates.saved'))
    },
  })
  const required = { required: true, message: t('infra.access.required') }
  return (
    <Form<Rates>
      layout="vertical"
      disabled={!canWrite}
      initialValues={{ items: rates.items.map((item) => ({ ...item, rate: String(item.rate) })) }}
      onFinish={(body) => save.mutate({ items: body.items ?? [] })}
    >
      <Form.List name="items">
        {(fields, { add, remove }) => (
          <>
            {fields.length === 0 ? (
              <p className={styles.lead}>{t('infra.access.rates.empty', { currency })}</p>
            ) : null}
            {fields.map(({ key, name }) => (
              <div key={key} className={styles.rate}>
                <Form.Item name={[name, 'currency']} rules={[required]}>
                  <Input aria-label={t('infra.access.rates.currency')} maxLength={3} placeholder="EUR" />
                </Form.Item>
                <Form.Item
                  name={[name, 'valid_from']}
                  rules={[required]}
                  getValueProps={(day?: string) => ({ value: day ? dayjs(day) : null })}
                  getValueFromEvent={(day: dayjs.Dayjs | null) => day?.format('YYYY-MM-DD')}
                >
                  <DatePicker className={styles.wide} aria-label={t('infra.access.rates.from')} />
                </Form.Item>
                <Form.Item name={[name, 'rate']} rules={[required]}>
                  <Input aria-label={t('infra.access.rates.rate')} inputMode="decimal" placeholder="7.80" />
                </Form.Item>
                {canWrite ? (
                  <Button onClick={() => remove(name)}>{t('infra.access.rates.remove')}</Button>
                ) : null}
              </div>
            ))}
            <Refusal error={save.error} />
            {canWrite ? (
              <span className={styles.row}>
                <Button onClick={() => add()}>{t('infra.access.rates.add')}</Button>
                <Button type="primary" htmlType="submit" loading={save.isPending}>
                  {t('infra.access.rates.save')}
                </Button>
              </span>
            ) : null}
          </>
        )}
      </Form.List>
    </Form>
  )
}

/** Dated rates to the reporting currency. */
export const RatesPanel = ({ currency }: { currency: string }) => {
  const t = useT()
  const query = useQuery(ratesQuery)
  return (
    <Panel title={t('infra.access.rates.title')} note={t('infra.access.rates.note', { currency })}>
      <Loaded query={query}>{(rates) => <RatesForm rates={rates} currency={currency} />}</Loaded>
    </Panel>
  )
}
