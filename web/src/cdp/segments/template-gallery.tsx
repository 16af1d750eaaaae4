import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useT, useWord } from '@/kernel/i18n'
import { Loaded, Panel } from '@/kernel/ui'
import { templatesQuery } from './queries'
import styles from './segments.module.css'
import { sayRule } from './sentence/sentence'
import { useWords } from './use-words'
import type { Template } from './view'

/** What a template is called and good for, in the reader's language where it has words for it. */
export const useTemplateWords = () => {
  const word = useWord()
  const said = (key: string, part: string, otherwise: string) => {
    const told = word('cdp.segments.template', `${key}.${part}`)
    return told === `${key}.${part}` ? otherwise : told
  }
  return {
    name: ({ key, name }: Template) => said(key, 'name', name),
    use: ({ key, description }: Template) => said(key, 'use', description),
  }
}

interface CardProps {
  template: Template
  onChoose: (key: string) => void
}

const Card = ({ template, onChoose }: CardProps) => {
  const words = useWords()
  const told = useTemplateWords()
  const useOf = useId()
  return (
    <li>
      <button
        type="button"
        className={styles.card}
        aria-describedby={useOf}
        onClick={() => onChoose(template.key)}
      >
        <span className={styles.cardName}>{told.name(template)}</span>
        <span id={useOf} className={styles.cardUse}>
          {told.use(template)}
        </span>
        <span className={styles.cardRule}>{sayRule(words, template.rule)}</span>
      </button>
    </li>
  )
}

/** Rules to begin with. */
export const TemplateGallery = ({ onChoose }: { onChoose: (key: string) => void }) => {
  const t = useT()
  const query = useQuery(templatesQuery)
  return (
    <Panel title={t('cdp.segments.templates.title')} note={t('cdp.segments.templates.note')}>
      <Loaded query={query} height={160}>
        {({ items }) => (
          <ul className={styles.cards}>
            {items.map((template) => (
              <Card key={template.key} template={template} onChoose={onChoose} />
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  )
}
