import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Loaded, Page } from '@/kernel/ui'
import styles from './content.module.css'
import { EditorTools, useDraft } from './editor-tools'
import { MailEditor } from './mail-editor'
import { PartsEditor } from './parts-editor'
import { PreviewPanel } from './preview-panel'
import { templateQuery } from './queries'
import { VariantsBar } from './variants-bar'
import { type Template, withWording } from './view'

const Editor = ({ template }: { template: Template }) => {
  const t = useT()
  const draft = useDraft(template)
  const { content, change } = draft
  const [place, setPlace] = useState({
    variant: content.variants[0]?.key ?? '',
    language: content.language,
  })
  const variant = content.variants.find(({ key }) => key === place.variant) ?? content.variants[0]
  const language = variant && place.language in variant.wordings ? place.language : content.language
  const wording = variant?.wordings[language]
  if (!variant || !wording) return null
  const here = { variant: variant.key, language }
  const set = (more: Partial<typeof wording>) =>
    change(withWording(content, here.variant, language, { ...wording, ...more }))
  return (
    <Page
      title={template.name}
      above={<Link to="/templates">{t('operate.content.back')}</Link>}
      note={<EditorTools.State template={template} draft={draft} />}
      tools={<EditorTools.Buttons template={template} draft={draft} />}
    >
      <div className={styles.sides}>
        <div className={styles.writing}>
          <VariantsBar
            content={content}
            place={here}
            onPlace={setPlace}
            onChange={(changed, next) => {
              change(changed)
              if (next) setPlace(next)
            }}
          />
          {wording.mail ? (
            <MailEditor mail={wording.mail} language={language} onChange={(mail) => set({ mail })} />
          ) : (
            <PartsEditor parts={wording.parts} onChange={(parts) => set({ parts })} />
          )}
        </div>
        <div className={styles.preview}>
          <PreviewPanel channel={template.channel} content={content} {...here} />
        </div>
      </div>
    </Page>
  )
}

/** One template: written at the left, seen at the right. */
const TemplatePage = () => {
  const { templateId } = useParams({ strict: false })
  const query = useQuery(templateQuery(Number(templateId)))
  return (
    <Loaded query={query} height={480}>
      {(template) => <Editor key={template.template_id} template={template} />}
    </Loaded>
  )
}

export default TemplatePage
