import { useQuery } from '@tanstack/react-query'
import { useT } from '@/kernel/i18n'
import { AutoComplete, Form, FormDialog, Input } from '@/kernel/ui'
import { couponExtra, type Extra } from './extras'
import { type Coupon, couponsQuery } from './queries'

interface CouponDialogProps {
  onPick: (extra: Extra) => void
  onClose: () => void
}

/** A coupon's code as a card; codes that people use are offered. */
export const CouponDialog = ({ onPick, onClose }: CouponDialogProps) => {
  const t = useT()
  const { data: used } = useQuery(couponsQuery)
  return (
    <FormDialog<Coupon, Extra>
      title={t('operate.inbox.coupon.title')}
      verb={t('operate.inbox.coupon.add')}
      initial={{ code: '', title: '', terms: '', url: '' }}
      send={async (coupon) => couponExtra({ ...coupon, code: coupon.code.trim() })}
      onSent={(extra) => {
        onPick(extra)
        onClose()
      }}
      onClose={onClose}
    >
      <Form.Item name="code" label={t('operate.inbox.coupon.code')} rules={[{ required: true }]}>
        <AutoComplete
          showSearch={{
            filterOption: (typed, option) => !!option?.value.toLowerCase().includes(typed.toLowerCase()),
          }}
          options={used?.items.map(({ code }) => ({ value: code }))}
        />
      </Form.Item>
      <Form.Item name="title" label={t('operate.inbox.coupon.name')}>
        <Input placeholder={t('operate.inbox.coupon.namePlaceholder')} maxLength={100} />
      </Form.Item>
      <Form.Item name="terms" label={t('operate.inbox.coupon.terms')}>
        <Input placeholder={t('operate.inbox.coupon.termsPlaceholder')} maxLength={300} />
      </Form.Item>
      <Form.Item
        name="url"
        label={t('operate.inbox.coupon.url')}
        rules={[{ type: 'url', message: t('operate.inbox.coupon.urlWrong') }]}
      >
        <Input placeholder="https://" maxLength={2000} />
      </Form.Item>
    </FormDialog>
  )
}
