import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useCan, useWorkspace } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, Form, Input, Loaded, Page, Panel, Refusal, Select, useNotice } from '@/kernel/ui'
import styles from './content.module.css'
import { MediaPicker } from './media-picker'
import { type Brand, brandQuery, forgetTemplates, saveBrand } from './queries'

const Logo = ({ value = '', onChange }: { value?: string; onChange?: (url: string) => void }) => {
  const t = useT()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <div className={styles.picture}>
      {value ? <img src={value} alt="" className={styles.thumb} /> : null}
      <div className={styles.grow}>
        <Input
          value={value}
          maxLength={1000}
          aria-label={t('operate.content.brand.logo')}
          onChange={({ target }) => onChange?.(target.value)}
        />
      </div>
      <Button onClick={() => setIsOpen(true)}>{t('operate.content.media.choose')}</Button>
      {isOpen ? (
        <MediaPicker
          onClose={() => setIsOpen(false)}
          onPick={(item) => {
            setIsOpen(false)
            onChange?.(item.path)
          }}
        />
      ) : null}
    </div>
  )
}

/** What stands below a mail, as it will be written. */
const Footer = ({ brand }: { brand: Partial<Brand> }) => {
  const t = useT()
  const workspace = useWorkspace()
  const name = brand.name || workspace?.name || ''
  return (
    <div className={styles.footer}>
      <p>
        {name} · {brand.address || t('operate.content.brand.addressMissing')}
      </p>
    </div>
  )
}

const BrandForm = ({ brand }: { brand: Brand }) => {
  const t = useT()
  const notice = useNotice()
  const canWrite = useCan('content:write')
  const [form] = Form.useForm<Brand>()
  const shown = Form.useWatch([], form) ?? brand
  const workspace = useWorkspace()
  const saving = useMutation({
    mutationFn: saveBrand,
    onSuccess: async () => {
      await forgetTemplates()
      notice.success(t('operate.content.brand.saved'))
    },
  })
  const line = (name: 'name' | 'phone' | 'email' | 'website', placeholder = '') => (
    <Form.Item name={name} label={t(`operate.content.brand.${name}`)}>
      <Input placeholder={placeholder} maxLength={200} />
    </Form.Item>
  )
  return (
    <Form<Brand>
      form={form}
      layout="vertical"
      requiredMark={false}
      disabled={!canWrite}
      initialValues={brand}
      onFinish={(body) => saving.mutate({ ...brand, ...body })}
      className={styles.brand}
    >
      <Panel
        title={t('operate.content.brand.title')}
        note={t('operate.content.brand.note', { braces: '{{ brand.name }}' })}
      >
        <div className={styles.pair}>
          {line('name', workspace?.name)}
          {line('website', t('operate.content.brand.websiteExample'))}
        </div>
        <Form.Item name="logo_url" label={t('operate.content.brand.logo')}>
          <Logo />
        </Form.Item>
        <Form.Item
          name="address"
          label={t('operate.content.brand.address')}
          extra={t('operate.content.brand.addressHint')}
        >
          <Input maxLength={500} />
        </Form.Item>
        <div className={styles.pair}>
          {line('phone')}
          {line('email')}
        </div>
        <p className={styles.hint}>
          <Link to="/settings/channels">{t('operate.content.brand.sender')}</Link> ·{' '}
          <Link to="/settings/workspace">
            {t('operate.content.brand.zone', { zone: workspace?.time_zone ?? 'UTC' })}
          </Link>
        </p>
      </Panel>
      <Panel title={t('operate.content.brand.footer')} note={t('operate.content.brand.footerNote')}>
        <Footer brand={shown} />
      </Panel>
      <Panel title={t('operate.content.brand.links')} note={t('operate.content.brand.linksNote')}>
        <Form.Item
          name="link_url"
          label={t('operate.content.brand.linkUrl')}
          extra={t('operate.content.brand.linkUrlHint')}
        >
          <Input placeholder={t('operate.content.brand.linkExample')} maxLength={200} />
        </Form.Item>
        <div className={styles.trio}>
          {(['source', 'medium', 'campaign'] as const).map((name) => (
            <Form.Item key={name} name={['utm', name]} label={t(`operate.content.utm.${name}`)}>
              <Input maxLength={200} placeholder={t('operate.content.utm.byItself')} />
            </Form.Item>
          ))}
        </div>
        <Form.Item
          name="machine_networks"
          label={t('operate.content.brand.networks')}
          extra={t('operate.content.brand.networksHint')}
        >
          <Select mode="tags" open={false} tokenSeparators={[',', ' ']} placeholder="203.0.113.0/24" />
        </Form.Item>
      </Panel>
      <Refusal error={saving.error} />
      {canWrite ? (
        <div>
          <Button type="primary" htmlType="submit" loading={saving.isPending}>
            {t('operate.content.brand.save')}
          </Button>
        </div>
      ) : null}
    </Form>
  )
}

/** How the brand signs its messages, and under which address its links are. */
const BrandPage = () => {
  const t = useT()
  const query = useQuery(brandQuery)
  return (
    <Page title={t('operate.content.brand.title')}>
      <Loaded query={query} height={420}>
        {(brand) => <BrandForm brand={brand} />}
      </Loaded>
    </Page>
  )
}

export default BrandPage
