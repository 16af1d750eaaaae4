import { useT } from '@/kernel/i18n'
import { Checkbox, Segmented } from '@/kernel/ui'
import { BlockList } from './block-list'
import styles from './content.module.css'
import { BLOCK_TYPES, type Mail } from './view'
import { WordsField } from './words-field'

interface MailEditorProps {
  mail: Mail
  language: string
  onChange: (mail: Mail) => void
}

const Look = ({ mail, onChange }: Omit<MailEditorProps, 'language'>) => {
  const t = useT()
  const names = ['background', 'surface', 'text', 'accent'] as const
  return (
    <fieldset className={styles.look}>
      <legend>{t('operate.content.look')}</legend>
      {names.map((name) => (
        <label key={name}>
          <input
            type="color"
            value={mail.theme[name]}
            onChange={({ target }) => onChange({ ...mail, theme: { ...mail.theme, [name]: target.value } })}
          />
          {t(`operate.content.theme.${name}`)}
        </label>
      ))}
    </fieldset>
  )
}

/** A mail: its subject, its blocks or its HTML, and its plain text. */
export const MailEditor = ({ mail, language, onChange }: MailEditorProps) => {
  const t = useT()
  const set = (change: Partial<Mail>) => onChange({ ...mail, ...change })
  const kinds = ['blocks', 'html'] as const
  return (
    <div className={styles.editor}>
      <WordsField
        label={t('operate.content.subject')}
        value={mail.subject}
        onChange={(subject) => set({ subject })}
      />
      <WordsField
        label={t('operate.content.preheader')}
        hint={t('operate.content.preheaderHint')}
        value={mail.preheader}
        onChange={(preheader) => set({ preheader })}
      />
      <Segmented
        value={mail.kind}
        onChange={(kind) => set({ kind })}
        options={kinds.map((kind) => ({ value: kind, label: t(`operate.content.kind.${kind}`) }))}
      />
      {mail.kind === 'blocks' ? (
        <>
          <BlockList
            blocks={mail.blocks}
            types={BLOCK_TYPES}
            language={language}
            onChange={(blocks) => set({ blocks })}
          />
          <Look mail={mail} onChange={onChange} />
        </>
      ) : (
        <WordsField
          label={t('operate.content.html')}
          rows={12}
          isCode
          value={mail.html}
          onChange={(html) => set({ html })}
        />
      )}
      <Checkbox
        checked={mail.text !== null}
        onChange={({ target }) => set({ text: target.checked ? '' : null })}
      >
        {t('operate.content.ownText')}
      </Checkbox>
      {mail.text === null ? null : (
        <WordsField
          label={t('operate.content.plainText')}
          rows={6}
          value={mail.text}
          onChange={(text) => set({ text })}
        />
      )}
    </div>
  )
}
