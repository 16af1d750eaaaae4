import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { useT, useWord } from '@/kernel/i18n'
import { Drawer, Loaded, useNarrow } from '@/kernel/ui'
import { FormulaIcon, PlusIcon } from '@/kernel/ui/icons'
import { templatesQuery } from './queries'
import { useTraitTools } from './tools'
import styles from './traits.module.css'
import type { Template, TraitFields } from './view'

/** What a template is called and good for, in the reader's language where it has words for it. */
export const useTemplateWords = () => {
  const word = useWord()
  const said = (key: string, otherwise: string) => {
    const told = word('cdp.traits.template', key)
    return told === key ? otherwise : told
  }
  return {
    name: ({ id, name }: Template) => said(`${id}.name`, name),
    use: ({ id }: Template) => said(`${id}.use`, ''),
    option: (value: string, otherwise: string) => said(`options.${value}`, otherwise),
    unit: (unit: string) => said(`units.${unit}`, unit),
  }
}

interface CardProps {
  name: string
  use: string
  icon?: ReactNode
  onChoose: () => void
}

const Card = ({ name, use, icon, onChoose }: CardProps) => {
  const [nameOf, useOf] = [useId(), useId()]
  return (
    <li>
      <button
        type="button"
        className={styles.card}
        aria-labelledby={nameOf}
        aria-describedby={useOf}
        onClick={onChoose}
      >
        <span id={nameOf} className={styles.cardName}>
          {icon} {name}
        </span>
        <span id={useOf} className={styles.cardUse}>
          {use}
        </span>
      </button>
    </li>
  )
}

interface TemplateListProps {
  /** Names that are taken already. */
  taken: ReadonlySet<string>
  onChoose: (fields: Partial<TraitFields>) => void
  onClose: () => void
}

/** Where a new trait begins: from scratch, or from one that many brands have. */
export const TemplateList = ({ taken, onChoose, onClose }: TemplateListProps) => {
  const t = useT()
  const isNarrow = useNarrow()
  const query = useQuery(templatesQuery)
  const told = useTemplateWords()
  const { say, fresh, typeOf } = useTraitTools()
  const begin = (template: Template) =>
    onChoose({
      name: template.name,
      label: told.name(template),
      type: template.type,
      unit: told.unit(template.unit),
      options: template.options.map(({ value, label }) => ({ value, label: told.option(value, label) })),
      formula: template.formula,
      keeps_history: template.formula === null,
    })
  const card = (template: Template) => (
    <Card
      key={template.id}
      name={told.name(template)}
      use={template.formula ? say(template.formula) : told.use(template)}
      icon={template.formula ? <FormulaIcon aria-hidden="true" /> : null}
      onChoose={() => begin(template)}
    />
  )
  const empty = fresh()
  return (
    <Drawer open size={isNarrow ? '100%' : 720} title={t('cdp.traits.new')} onClose={onClose}>
      <ul className={styles.scratch}>
        <Card
          name={t('cdp.traits.begin.declared')}
          use={t('cdp.traits.begin.declaredUse')}
          icon={<PlusIcon aria-hidden="true" />}
          onChoose={() => onChoose({ formula: null, keeps_history: true })}
        />
        <Card
          name={t('cdp.traits.begin.computed')}
          use={t('cdp.traits.begin.computedUse')}
          icon={<FormulaIcon aria-hidden="true" />}
          onChoose={() => onChoose({ formula: empty, type: typeOf(empty), keeps_history: false })}
        />
      </ul>
      <Loaded query={query} height={240}>
        {(templates) => {
          const open = templates.filter(({ name }) => !taken.has(name))
          const computed = open.filter(({ formula }) => formula !== null)
          const declared = open.filter(({ formula }) => formula === null)
          return (
            <>
              {computed.length > 0 ? (
                <h3 className={styles.subtitle}>{t('cdp.traits.begin.fromEvents')}</h3>
              ) : null}
              <ul className={styles.cards}>{computed.map(card)}</ul>
              {declared.length > 0 ? (
                <h3 className={styles.subtitle}>{t('cdp.traits.begin.fromPeople')}</h3>
              ) : null}
              <ul className={styles.cards}>{declared.map(card)}</ul>
            </>
          )
        }}
      </Loaded>
    </Drawer>
  )
}
