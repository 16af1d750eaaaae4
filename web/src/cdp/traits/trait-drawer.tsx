import { useState } from 'react'
import { slugOf } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { CURRENCY, HOUR, useUnitText } from '@/kernel/traits'
import { AutoComplete, Form, FormDrawer, Input, Select, Switch } from '@/kernel/ui'
import { FormulaField } from './formula-field'
import { OptionsEditor } from './options-editor'
import { changeTrait, createTrait, forgetTraits } from './queries'
import { SamplePanel } from './sample-panel'
import { useTraitTools } from './tools'
import styles from './traits.module.css'
import { hasOptions, type Trait, type TraitFields, type TraitOption, type TraitType, TYPES } from './view'

const UNITS = ['days', 'times', 'points', 'cm', 'kg', 'percent'] as const

const EMPTY: TraitFields = {
  name: '',
  label: '',
  description: '',
  type: 'text',
  unit: '',
  options: [],
  formula: null,
  keeps_history: true,
}

const useOptionRules = () => {
  const t = useT()
  const check = (_: unknown, options: TraitOption[] = []) => {
    const values = options.map(({ value }) => value.trim())
    if (values.length === 0 || values.includes('')) {
      return Promise.reject(new Error(t('cdp.traits.form.optionsLack')))
    }
    const isUnique = new Set(values).size === values.length
    return isUnique ? Promise.resolve() : Promise.reject(new Error(t('cdp.traits.form.optionsTwice')))
  }
  return [{ validator: check }]
}

/** Which types a formula's values can be told as. */
const typesFor = (usual: TraitType | null): readonly TraitType[] => {
  if (usual === null) return TYPES
  return usual === 'text' ? ['text', 'number', 'bool', 'date'] : [usual]
}

const Fields = ({ isNew }: { isNew: boolean }) => {
  const t = useT()
  const { typeOf } = useTraitTools()
  const form = Form.useFormInstance<TraitFields>()
  const [isNameOwn, setIsNameOwn] = useState(!isNew || Boolean(form.getFieldValue('name')))
  const type = Form.useWatch('type', form) ?? form.getFieldValue('type')
  const unit = Form.useWatch('unit', form) ?? ''
  const formula = Form.useWatch('formula', { form, preserve: true }) ?? form.getFieldValue('formula')
  const optionRules = useOptionRules()
  const unitText = useUnitText()
  const units = [
    { value: CURRENCY, label: `${CURRENCY} · ${unitText(CURRENCY)}` },
    { value: HOUR, label: `${HOUR} · ${unitText(HOUR)}` },
    ...UNITS.map((each) => ({ value: t(`cdp.traits.unit.${each}`) })),
  ]
  const types = typesFor(formula ? typeOf(formula) : null)
  return (
    <>
      <div className={styles.pair}>
        <Form.Item
          name="label"
          label={t('cdp.traits.form.label')}
          rules={[{ required: true, whitespace: true, message: t('cdp.traits.form.labelLacks') }]}
        >
          <Input
            maxLength={100}
            autoComplete="off"
            placeholder={t('cdp.traits.form.labelExample')}
            onChange={({ target }) => {
              if (!isNameOwn) form.setFieldValue('name', slugOf(target.value))
            }}
          />
        </Form.Item>
        <Form.Item
          name="name"
          label={t('cdp.traits.form.name')}
          extra={isNew ? t('cdp.traits.form.nameHint') : undefined}
          rules={[{ required: true, whitespace: true, message: t('cdp.traits.form.nameLacks') }]}
        >
          <Input maxLength={100} autoComplete="off" disabled={!isNew} onChange={() => setIsNameOwn(true)} />
        </Form.Item>
      </div>
      {formula ? (
        <Form.Item label={t('cdp.traits.form.formula')} required>
          <Form.Item name="formula" noStyle>
            <FormulaField
              onType={(next) => {
                if (!typesFor(next).includes(type)) form.setFieldValue('type', next)
              }}
            />
          </Form.Item>
          <SamplePanel formula={formula} type={type} unit={unit} />
        </Form.Item>
      ) : null}
      <div className={styles.pair}>
        <Form.Item name="type" label={t('cdp.traits.column.type')}>
          <Select<TraitType>
            disabled={types.length === 1}
            options={types.map((value) => ({ value, label: t(`cdp.traits.type.${value}`) }))}
          />
        </Form.Item>
        {type === 'number' ? (
          <Form.Item name="unit" label={t('cdp.traits.form.unit')}>
            <AutoComplete options={units} />
          </Form.Item>
        ) : null}
      </div>
      {hasOptions(type) && !formula ? (
        <Form.Item name="options" label={t('cdp.traits.form.options')} rules={optionRules}>
          <OptionsEditor />
        </Form.Item>
      ) : null}
      <Form.Item name="description" label={t('cdp.traits.form.description')}>
        <Input.TextArea maxLength={500} autoSize={{ minRows: 1, maxRows: 4 }} />
      </Form.Item>
      <Form.Item
        name="keeps_history"
        valuePropName="checked"
        label={t('cdp.traits.form.history')}
        extra={t(formula ? 'cdp.traits.form.historyComputed' : 'cdp.traits.form.historyHint')}
      >
        <Switch />
      </Form.Item>
    </>
  )
}

interface TraitDrawerProps {
  /** The trait to change; none, or one that was merely seen, is defined. */
  trait?: Trait
  initial: Partial<TraitFields>
  onSaved: (trait: Trait) => void
  onClose: () => void
}

/** What a trait is: its words, its kind of value, its formula. */
export const TraitDrawer = ({ trait, initial, onSaved, onClose }: TraitDrawerProps) => {
  const t = useT()
  const { isWhole } = useTraitTools()
  const isNew = trait === undefined
  const isDefined = trait !== undefined && trait.origin !== 'observed'
  const whole = { ...EMPTY, ...initial }
  const send = async (fields: Partial<TraitFields>): Promise<Trait> => {
    const body = { ...whole, ...fields }
    if (body.formula && !isWhole(body.formula)) throw new Error(t('cdp.traits.sample.unfinished'))
    const clean = {
      ...body,
      unit: body.type === 'number' ? body.unit : '',
      options: hasOptions(body.type) ? body.options : [],
    }
    return isDefined ? await changeTrait(clean) : await createTrait(clean)
  }
  return (
    <FormDrawer
      title={
        isNew ? t('cdp.traits.new') : isDefined ? t('cdp.traits.editTitle') : t('cdp.traits.defineTitle')
      }
      verb={t('cdp.traits.save')}
      initial={whole}
      width={whole.formula ? 760 : 640}
      send={send}
      onSent={async (saved) => {
        await forgetTraits()
        onSaved(saved)
      }}
      onClose={onClose}
    >
      <Fields isNew={isNew} />
    </FormDrawer>
  )
}
