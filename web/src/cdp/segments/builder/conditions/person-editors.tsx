import { useT } from '@/kernel/i18n'
import { Select } from '@/kernel/ui'
import { fieldOps, freshTest, traitOps } from '../../rule/fresh'
import { FIELDS, type FieldName, isMoment, type LeafOf } from '../../rule/types'
import { className, layerName } from '../../sentence/sentence'
import { traitName } from '../../sentence/words'
import styles from '../builder.module.css'
import { useBuilder } from '../context'
import { NumberInput } from '../inputs/number-input'
import { ManyPicker, Picker } from '../inputs/picker'
import { TestEditor } from '../inputs/test-editor'
import { knownOf } from '../vocabulary'

export interface EditorProps<Leaf> {
  leaf: Leaf
  onChange: (leaf: Leaf) => void
}

export const TraitEditor = ({ leaf, onChange }: EditorProps<LeafOf<'trait'>>) => {
  const t = useT()
  const { vocabulary, words } = useBuilder()
  const known = knownOf(vocabulary.traits, leaf.name)
  const choose = (name: string) => {
    const next = knownOf(vocabulary.traits, name)
    const [usual = 'is'] = traitOps(next.kind)
    const test = next.kind === known.kind ? leaf.test : freshTest(usual, next.kind)
    onChange({ ...leaf, name, test })
  }
  return (
    <span className={styles.line}>
      <Picker
        label={t('cdp.segments.build.trait')}
        value={leaf.name}
        isOpen
        width={170}
        choices={vocabulary.traits.map(({ name }) => {
          const label = traitName(words, name)
          return { value: name, label, note: label === name ? undefined : name }
        })}
        onChange={choose}
      />
      <TestEditor
        test={leaf.test}
        ops={traitOps(known.kind)}
        known={known}
        unit={words.names.unit(leaf.name)}
        onChange={(test) => onChange({ ...leaf, test })}
      />
    </span>
  )
}

export const FieldEditor = ({ leaf, onChange }: EditorProps<LeafOf<'field'>>) => {
  const t = useT()
  const { words } = useBuilder()
  const { name, test } = leaf
  const moment = isMoment(name)
  const isMoney = name === 'revenue_minor'
  const choose = (next: FieldName) => {
    const isSame = isMoment(next) === moment && isMoney === (next === 'revenue_minor')
    const fresh = isMoment(next) ? freshTest('within_last') : freshTest('at_least', 'number')
    onChange({ ...leaf, name: next, test: isSame ? test : fresh })
  }
  return (
    <span className={styles.line}>
      <Select<FieldName>
        className={styles.field}
        style={{ width: 200 }}
        value={name}
        aria-label={t('cdp.segments.build.type.field')}
        popupMatchSelectWidth={false}
        options={FIELDS.map((each) => ({ value: each, label: t(`cdp.segments.say.field.${each}`) }))}
        onChange={choose}
      />
      <TestEditor
        test={test}
        // Amounts are chosen in whole units, which a list of values would not show.
        ops={fieldOps(moment).filter((op) => !isMoney || op !== 'one_of')}
        known={{ name, kind: moment ? 'moment' : 'number', values: [] }}
        currency={isMoney ? words.currency : undefined}
        onChange={(next) => onChange({ ...leaf, test: next })}
      />
    </span>
  )
}

export const TagEditor = ({ leaf, onChange }: EditorProps<LeafOf<'tag'>>) => {
  const t = useT()
  const { vocabulary } = useBuilder()
  return (
    <Picker
      label={t('cdp.segments.build.type.tag')}
      value={leaf.tag}
      isOpen
      choices={vocabulary.tags.map((tag) => {
        const label = vocabulary.tag_labels[tag]
        return { value: tag, label: label || tag, note: label ? tag : undefined }
      })}
      onChange={(tag) => onChange({ ...leaf, tag })}
    />
  )
}

export const LayerEditor = ({ leaf, onChange }: EditorProps<LeafOf<'layer'>>) => {
  const t = useT()
  const { vocabulary, words } = useBuilder()
  const known = vocabulary.layers.find(({ name }) => name === leaf.layer)
  return (
    <span className={styles.line}>
      <Picker
        label={t('cdp.segments.build.type.layer')}
        value={leaf.layer}
        isOpen
        width={150}
        choices={vocabulary.layers.map(({ name }) => ({ value: name, label: layerName(words, name) }))}
        onChange={(layer) => onChange({ ...leaf, layer, classes: [] })}
      />
      <ManyPicker
        label={t('cdp.segments.build.classes')}
        values={leaf.classes}
        isOpen
        choices={(known?.classes ?? []).map((name) => ({
          value: name,
          label: className(words, leaf.layer, name),
        }))}
        onChange={(classes) => onChange({ ...leaf, classes })}
      />
    </span>
  )
}

export const SampleEditor = ({ leaf, onChange }: EditorProps<LeafOf<'sample'>>) => {
  const t = useT()
  return (
    <span className={styles.line}>
      <NumberInput
        label={t('cdp.segments.build.percent')}
        value={leaf.percent}
        min={0}
        max={100}
        precision={2}
        suffix="%"
        onChange={(percent) => onChange({ ...leaf, percent })}
      />
      <Picker
        label={t('cdp.segments.build.salt')}
        value={leaf.salt ?? ''}
        isOpen
        width={170}
        choices={[]}
        onChange={(salt) => onChange({ ...leaf, salt })}
      />
    </span>
  )
}
