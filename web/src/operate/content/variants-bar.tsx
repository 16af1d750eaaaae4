import { useT, useWord } from '@/kernel/i18n'
import { Button, Checkbox, Dropdown, InputNumber, Tabs, Tooltip } from '@/kernel/ui'
import { DeleteIcon, PlusIcon } from '@/kernel/ui/icons'
import styles from './content.module.css'
import { type Content, LANGUAGES, nextKey, withWording } from './view'

export interface Place {
  variant: string
  language: string
}

interface VariantsBarProps {
  content: Content
  place: Place
  onPlace: (place: Place) => void
  onChange: (content: Content, place?: Place) => void
}

const Languages = ({ content, place, onPlace, onChange }: VariantsBarProps) => {
  const t = useT()
  const word = useWord()
  const variant = content.variants.find(({ key }) => key === place.variant)
  if (!variant) return null
  const written = Object.keys(variant.wordings)
  const said = (language: string) => word('operate.content.languages', language)
  const missing = LANGUAGES.filter((language) => !written.includes(language))
  const add = (language: string) => {
    const wording = variant.wordings[place.language] ?? variant.wordings[content.language]
    if (wording) onChange(withWording(content, variant.key, language, wording), { ...place, language })
  }
  const remove = () =>
    onChange(withWording(content, variant.key, place.language), { ...place, language: content.language })
  return (
    <>
      <Tabs
        size="small"
        activeKey={place.language}
        onChange={(language) => onPlace({ ...place, language })}
        items={written.map((key) => ({ key, label: said(key) }))}
        tabBarExtraContent={
          <span className={styles.row}>
            <Dropdown
              trigger={['click']}
              menu={{
                items: missing.map((key) => ({ key, label: said(key) })),
                onClick: ({ key }) => add(key),
              }}
            >
              <Button
                size="small"
                type="text"
                icon={<PlusIcon />}
                aria-label={t('operate.content.addLanguage')}
              />
            </Dropdown>
            {place.language === content.language ? null : (
              <Button
                size="small"
                type="text"
                icon={<DeleteIcon />}
                aria-label={t('operate.content.removeLanguage', { language: said(place.language) })}
                onClick={remove}
              />
            )}
          </span>
        }
      />
      <p className={styles.hint}>{t('operate.content.mainLanguage', { language: said(content.language) })}</p>
    </>
  )
}

/** Which variant and which language is written at the moment, and what is counted of it. */
export const VariantsBar = (props: VariantsBarProps) => {
  const { content, place, onPlace, onChange } = props
  const t = useT()
  const variant = content.variants.find(({ key }) => key === place.variant)
  const add = () => {
    const key = nextKey(content)
    if (variant && key)
      onChange(
        { ...content, variants: [...content.variants, { ...variant, key }] },
        { ...place, variant: key },
      )
  }
  const remove = () => {
    const variants = content.variants.filter(({ key }) => key !== place.variant)
    onChange({ ...content, variants }, { variant: variants[0]?.key ?? '', language: content.language })
  }
  const weigh = (weight: number | null) => {
    const variants = content.variants.map((each) =>
      each.key === place.variant ? { ...each, weight: weight ?? 0 } : each,
    )
    onChange({ ...content, variants })
  }
  const isMail = content.variants.some(({ wordings }) => Object.values(wordings).some(({ mail }) => mail))
  const hasMany = content.variants.length > 1
  return (
    <div className={styles.bar}>
      <div className={styles.row}>
        {hasMany
          ? content.variants.map(({ key }) => (
              <Button
                key={key}
                size="small"
                type={key === place.variant ? 'primary' : 'default'}
                aria-pressed={key === place.variant}
                onClick={() => onPlace({ variant: key, language: content.language })}
              >
                {t('operate.content.variant', { key })}
              </Button>
            ))
          : null}
        <Button size="small" icon={<PlusIcon />} onClick={add}>
          {t('operate.content.addVariant')}
        </Button>
        {hasMany ? (
          <>
            <Tooltip title={t('operate.content.weightHint')}>
              <InputNumber
                size="small"
                prefix={t('operate.content.weight')}
                aria-label={t('operate.content.weight')}
                min={0}
                max={1000}
                value={variant?.weight}
                onChange={weigh}
              />
            </Tooltip>
            <Button
              size="small"
              type="text"
              icon={<DeleteIcon />}
              aria-label={t('operate.content.removeVariant', { key: place.variant })}
              onClick={remove}
            />
          </>
        ) : null}
        <Checkbox
          checked={content.follows_links}
          onChange={({ target }) => onChange({ ...content, follows_links: target.checked })}
        >
          {t('operate.content.followLinks')}
        </Checkbox>
        {isMail ? (
          <Checkbox
            checked={content.follows_opens}
            onChange={({ target }) => onChange({ ...content, follows_opens: target.checked })}
          >
            {t('operate.content.followOpens')}
          </Checkbox>
        ) : null}
      </div>
      <Languages {...props} />
    </div>
  )
}
