import { useT } from '@/kernel/i18n'
import { Form, FormDialog, Input, Switch } from '@/kernel/ui'
import styles from './links.module.css'
import { addLink, changeLink, type Link, type NewLink, refreshLinks } from './queries'

const TAGS = ['source', 'medium', 'campaign', 'term', 'content'] as const

interface LinkDialogProps {
  /** The link to change; without one a new one is made. */
  link?: Link
  onSaved: (link: Link) => void
  onClose: () => void
}

/** A link made by hand: for a post, a profile, a leaflet, a shop window. Its address and code never change. */
export const LinkDialog = ({ link, onSaved, onClose }: LinkDialogProps) => {
  const t = useT()
  return (
    <FormDialog<NewLink, Link>
      title={t(link ? 'operate.links.change' : 'operate.links.new')}
      verb={t(link ? 'operate.links.save' : 'operate.links.create')}
      initial={
        link ? { url: link.url, name: link.name, has_utm: link.has_utm, utm: link.utm } : { has_utm: true }
      }
      send={(body) => (link ? changeLink(link.link_id, body) : addLink(body))}
      onSent={async (saved) => {
        await refreshLinks()
        onSaved(saved)
      }}
      onClose={onClose}
    >
      {link ? <p className={styles.hint}>{t('operate.links.changeHint')}</p> : null}
      <Form.Item
        name="url"
        label={t('operate.links.target')}
        rules={[{ required: true, whitespace: true, message: t('operate.links.targetNeeded') }]}
      >
        <Input autoFocus inputMode="url" placeholder={t('operate.links.targetExample')} maxLength={4000} />
      </Form.Item>
      <Form.Item name="name" label={t('operate.links.name')} extra={t('operate.links.nameHint')}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="has_utm" label={t('operate.links.hasUtm')} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Form.Item noStyle dependencies={['has_utm']}>
        {({ getFieldValue }) =>
          getFieldValue('has_utm') ? (
            <div className={styles.tags}>
              {TAGS.map((tag) => (
                <Form.Item
                  key={tag}
                  name={['utm', tag]}
                  label={t(`operate.links.utm.${tag}`)}
                  initialValue={link?.utm[tag] ?? ''}
                >
                  <Input maxLength={200} placeholder={t('operate.links.utm.byItself')} />
                </Form.Item>
              ))}
            </div>
          ) : null
        }
      </Form.Item>
    </FormDialog>
  )
}
