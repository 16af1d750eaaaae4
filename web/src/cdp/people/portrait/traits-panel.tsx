import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { type Shape, useTraitName, useValueText } from '@/kernel/traits'
import { Button, Loaded, Panel, Select } from '@/kernel/ui'
import { EditIcon, FormulaIcon, HistoryIcon } from '@/kernel/ui/icons'
import { ChangesDrawer } from './changes-drawer'
import styles from './portrait.module.css'
import { type PersonTrait, personTraitsQuery, type TraitDef, traitDefsQuery } from './queries'
import { SCORES } from './score-text'
import { useSourceText } from './source-text'
import { TraitEditor } from './trait-editor'

const isScore = ({ name, origin }: PersonTrait) =>
  origin === 'score' && (SCORES as readonly string[]).includes(name)

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)

interface RowProps {
  personId: number
  trait: PersonTrait
  shape: Shape
  canEdit: boolean
  isEditing: boolean
  onEdit: (isEditing: boolean) => void
  onHistory: () => void
}

const Row = ({ personId, trait, shape, canEdit, isEditing, onEdit, onHistory }: RowProps) => {
  const t = useT()
  const format = useFormats()
  const nameOf = useTraitName()
  const valueText = useValueText()
  const sourceText = useSourceText()
  const { name, value, origin, source, at } = trait
  const title = nameOf(trait)
  const isSayable = canEdit && (origin === 'declared' || origin === 'observed') && !isObject(value)
  const told = at ? `${sourceText(source)} · ${format.instant(at)}` : sourceText(source)
  return (
    <div className={styles.traitRow} data-trait={name}>
      <dt title={name}>{title}</dt>
      <dd>
        {isEditing ? (
          <TraitEditor
            personId={personId}
            name={name}
            title={title}
            shape={shape}
            value={value}
            onClose={() => onEdit(false)}
          />
        ) : (
          <span className={styles.traitValue}>
            <span>{valueText(value, shape)}</span>
            <span className={styles.traitTold} title={told}>
              {origin === 'computed' ? (
                <FormulaIcon role="img" aria-label={sourceText(source)} />
              ) : (
                <span className="visually-hidden">{sourceText(source)}</span>
              )}{' '}
              {at ? format.ago(at) : null}
            </span>
            <span className={styles.traitTools}>
              {isSayable ? (
                <Button
                  type="text"
                  size="small"
                  icon={<EditIcon />}
                  aria-label={t('cdp.people.trait.edit', { name: title })}
                  onClick={() => onEdit(true)}
                />
              ) : null}
              <Button
                type="text"
                size="small"
                icon={<HistoryIcon />}
                aria-label={t('cdp.people.trait.history', { name: title })}
                onClick={onHistory}
              />
            </span>
          </span>
        )}
      </dd>
    </div>
  )
}

interface AdderProps {
  personId: number
  open: TraitDef[]
}

/** One more trait of the person: which, then what. */
const Adder = ({ personId, open }: AdderProps) => {
  const t = useT()
  const nameOf = useTraitName()
  const [chosen, setChosen] = useState<TraitDef | null>(null)
  if (open.length === 0 && !chosen) return null
  if (chosen) {
    return (
      <dl className={styles.traits}>
        <div className={styles.traitRow}>
          <dt>{nameOf(chosen)}</dt>
          <dd>
            <TraitEditor
              personId={personId}
              name={chosen.name}
              title={nameOf(chosen)}
              shape={chosen}
              value={undefined}
              onClose={() => setChosen(null)}
            />
          </dd>
        </div>
      </dl>
    )
  }
  return (
    <Select<string>
      size="small"
      className={styles.addTrait}
      value={null}
      placeholder={t('cdp.people.trait.add')}
      aria-label={t('cdp.people.trait.add')}
      popupMatchSelectWidth={false}
      showSearch={{ optionFilterProp: 'label' }}
      options={open.map((each) => ({ value: each.name, label: nameOf(each) }))}
      onChange={(name) => setChosen(open.find((each) => each.name === name) ?? null)}
    />
  )
}

/** What is known of a person, each with its source and time; what people say can be changed here. */
export const TraitsPanel = ({ personId }: { personId: number }) => {
  const t = useT()
  const nameOf = useTraitName()
  const valueText = useValueText()
  const canEdit = useCan('people:write')
  const query = useQuery(personTraitsQuery(personId))
  const { data: known } = useQuery({ ...traitDefsQuery, enabled: useCan('segments:read') })
  const [edited, setEdited] = useState<string | null>(null)
  const [told, setTold] = useState<PersonTrait | null>(null)
  const definitions = useMemo(() => new Map(known?.items.map((each) => [each.name, each])), [known])
  const shapeOf = (trait: PersonTrait): Shape => ({
    ...trait,
    options: definitions.get(trait.name)?.options ?? [],
  })
  const unsaid = (items: PersonTrait[]) => {
    const said = new Set(items.map(({ name }) => name))
    return known?.items.filter(({ name, origin }) => origin === 'declared' && !said.has(name)) ?? []
  }
  return (
    <Panel title={t('cdp.people.portrait.traits')}>
      <Loaded query={query} height={80}>
        {({ items }) => {
          const shown = items.filter((each) => !isScore(each))
          return (
            <>
              {shown.length === 0 ? <p className={styles.none}>{t('cdp.people.portrait.noTraits')}</p> : null}
              <dl className={styles.traits}>
                {shown.map((trait) => (
                  <Row
                    key={trait.name}
                    personId={personId}
                    trait={trait}
                    shape={shapeOf(trait)}
                    canEdit={canEdit}
                    isEditing={edited === trait.name}
                    onEdit={(isOn) => setEdited(isOn ? trait.name : null)}
                    onHistory={() => setTold(trait)}
                  />
                ))}
              </dl>
              {canEdit ? <Adder personId={personId} open={unsaid(items)} /> : null}
            </>
          )
        }}
      </Loaded>
      {told ? (
        <ChangesDrawer
          personId={personId}
          kind="trait"
          name={told.name}
          title={t('cdp.people.trait.historyOf', { name: nameOf(told) })}
          textOf={(value) => valueText(value, shapeOf(told))}
          onClose={() => setTold(null)}
        />
      ) : null}
    </Panel>
  )
}
