import { useT, useWord } from '@/kernel/i18n'
import { Checkbox, Form, FormDialog, Input, Select } from '@/kernel/ui'
import styles from './content.module.css'
import type { Draft } from './editor-tools'
import { forgetTemplates, saveTemplate } from './queries'
import type { Content, Template } from './view'

const TAGS = ['source', 'medium', 'campaign', 'term', 'content'] as const
const NO_TAGS = { source: '', medium: '', campaign: '', term: '', content: '' }

interface Settings {
  name: string
  folder: string
  labels: string[]
  language: string
  follows_links: boolean
  follows_opens: boolean
  utm: NonNullable<Content['utm']>
}

interface SettingsDialogProps {
  template: Template
  draft: Draft
  onClose: () => void
}

/** What a template is called, where it lies, and what its links tell. */
export const SettingsDialog = ({ template, draft, onClose }: SettingsDialogProps) => {
  const t = useT()
  const word = useWord()
  const { content } = draft
  const languages = [...new Set(content.variants.flatMap(({ wordings }) => Object.keys(wordings)))]
  const send = ({ name, folder, labels, utm, ...rest }: Settings) => {
    const isSaid = Object.values(utm).some(Boolean)
    return saveTemplate(template.template_id, {
      name,
      folder,
      labels,
      content: { ...content, ...rest, utm: isSaid ? utm : null },
      revision: template.revision,
    })
  }
  return (
    <FormDialog<Settings, Template>
      title={t('operate.content.settings.title')}
      verb={t('operate.content.settings.save')}
      initial={{
        name: template.name,
        folder: template.folder,
        labels: template.labels,
        language: content.language,
        follows_links: content.follows_links,
        follows_opens: content.follows_opens,
        utm: { ...NO_TAGS, ...content.utm },
      }}
      send={send}
      onSent={async () => {
        // What was written meanwhile was saved along with it.
        draft.reset()
        await forgetTemplates()
        onClose()
      }}
      onClose={onClose}
    >
      <Form.Item name="name" label={t('operate.content.name')} rules={[{ required: true, whitespace: true }]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="folder" label={t('operate.content.folder')}>
        <Input maxLength={100} placeholder={t('operate.content.folderHint')} />
      </Form.Item>
      <Form.Item name="labels" label={t('operate.content.labels')}>
        <Select mode="tags" open={false} tokenSeparators={[',', '，']} maxCount={20} />
      </Form.Item>
      <Form.Item
        name="language"
        label={t('operate.content.settings.fallback')}
        extra={t('operate.content.settings.fallbackHint')}
      >
        <Select
          options={languages.map((value) => ({ value, label: word('operate.content.languages', value) }))}
        />
      </Form.Item>
      <Form.Item name="follows_links" valuePropName="checked" noStyle>
        <Checkbox>{t('operate.content.settings.links')}</Checkbox>
      </Form.Item>
      {template.channel === 'email' ? (
        <Form.Item name="follows_opens" valuePropName="checked" noStyle>
          <Checkbox>{t('operate.content.settings.opens')}</Checkbox>
        </Form.Item>
      ) : null}
      <p className={styles.hint}>{t('operate.content.settings.utmHint')}</p>
      <div className={styles.pair}>
        {TAGS.map((tag) => (
          <Form.Item key={tag} name={['utm', tag]} label={t(`operate.content.utm.${tag}`)}>
            <Input maxLength={200} placeholder={t('operate.content.utm.byItself')} />
          </Form.Item>
        ))}
      </div>
    </FormDialog>
  )
}
