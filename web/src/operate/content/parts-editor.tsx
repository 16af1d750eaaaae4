import { useT } from '@/kernel/i18n'
import { Button, Dropdown } from '@/kernel/ui'
import { DeleteIcon, DownIcon, PlusIcon, UpIcon } from '@/kernel/ui/icons'
import styles from './content.module.css'
import { PictureField } from './picture-field'
import { moved, type Part, replaced } from './view'
import { WordsField } from './words-field'

interface PartProps {
  part: Part
  onChange: (part: Part) => void
}

const newPart = (type: string): Part => {
  if (type === 'card')
    return { type, title: '', text: '', image_url: null, url: null, buttons: [], about: '', about_id: '' }
  if (type === 'image')
    return { type: 'media', kind: 'image', url: '', media_id: null, platform_id: null, name: '', text: '' }
  return { type: 'text', text: '' }
}

const nameOf = (part: Part) =>
  part.type === 'text' || part.type === 'card' ? part.type : part.type === 'media' ? 'image' : 'other'

const PartFields = ({ part, onChange }: PartProps) => {
  const t = useT()
  if (part.type === 'text')
    return (
      <WordsField
        label={t('operate.content.field.text')}
        rows={4}
        value={part.text}
        onChange={(text) => onChange({ ...part, text })}
      />
    )
  if (part.type === 'media')
    return (
      <PictureField
        url={part.url ?? ''}
        onChange={(url, item) =>
          onChange({ ...part, url, media_id: item?.media_id ?? null, name: item?.name ?? '' })
        }
      />
    )
  if (part.type !== 'card') return <p className={styles.hint}>{t('operate.content.part.other')}</p>
  return (
    <>
      <WordsField
        label={t('operate.content.field.title')}
        value={part.title}
        onChange={(title) => onChange({ ...part, title })}
      />
      <WordsField
        label={t('operate.content.field.text')}
        rows={2}
        value={part.text}
        onChange={(text) => onChange({ ...part, text })}
      />
      <PictureField
        url={part.image_url ?? ''}
        onChange={(url) => onChange({ ...part, image_url: url || null })}
      />
      <WordsField
        label={t('operate.content.field.link')}
        placeholder="https://"
        value={part.url ?? ''}
        onChange={(url) => onChange({ ...part, url: url || null })}
      />
    </>
  )
}

/** The parts of a message on a channel other than mail, in the order in which they are said. */
export const PartsEditor = ({ parts, onChange }: { parts: Part[]; onChange: (parts: Part[]) => void }) => {
  const t = useT()
  const types = ['text', 'card', 'image'] as const
  const add = {
    items: types.map((type) => ({ key: type, label: t(`operate.content.part.${type}`) })),
    onClick: ({ key }: { key: string }) => onChange([...parts, newPart(key)]),
  }
  return (
    <div className={styles.editor}>
      <ol className={styles.blocks}>
        {parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name than their place.
          <li key={index} className={styles.block}>
            <div className={styles.blockHead}>
              <span>
                {nameOf(part) === 'other' ? part.type : t(`operate.content.part.${nameOf(part) as 'text'}`)}
              </span>
              <span className={styles.tools}>
                <Button
                  size="small"
                  type="text"
                  icon={<UpIcon aria-hidden="true" />}
                  aria-label={t('operate.content.block.up')}
                  disabled={index === 0}
                  onClick={() => onChange(moved(parts, index, index - 1))}
                />
                <Button
                  size="small"
                  type="text"
                  icon={<DownIcon aria-hidden="true" />}
                  aria-label={t('operate.content.block.down')}
                  disabled={index === parts.length - 1}
                  onClick={() => onChange(moved(parts, index, index + 1))}
                />
                <Button
                  size="small"
                  type="text"
                  icon={<DeleteIcon aria-hidden="true" />}
                  aria-label={t('operate.content.block.remove')}
                  onClick={() => onChange(parts.filter((_, at) => at !== index))}
                />
              </span>
            </div>
            <PartFields part={part} onChange={(changed) => onChange(replaced(parts, index, changed))} />
          </li>
        ))}
      </ol>
      <Dropdown menu={add} trigger={['click']}>
        <Button icon={<PlusIcon />}>{t('operate.content.part.add')}</Button>
      </Dropdown>
    </div>
  )
}
