import { useT } from '@/kernel/i18n'
import { AutoComplete, Select } from '@/kernel/ui'
import type { ValueKind } from '../../rule/fresh'
import type { Scalar } from '../../rule/types'
import styles from '../builder.module.css'
import { type Known, offeredOf, optionLabel } from '../vocabulary'
import { NumberInput } from './number-input'
import { Picker } from './picker'

type Form = 'text' | 'number' | 'boolean'

const formOf = (value: Scalar): Form => {
  if (typeof value === 'number') return 'number'
  return typeof value === 'boolean' ? 'boolean' : 'text'
}

/** The form that values of a kind have; null where it can be any. */
export const fixedForm = (kind: ValueKind): Form | null => {
  if (kind === 'unknown') return null
  return kind === 'moment' ? 'text' : kind
}

interface ScalarInputProps {
  label: string
  value: Scalar
  known: Known
  onChange: (value: Scalar) => void
}

const EMPTY: Readonly<Record<Form, Scalar>> = { text: '', number: Number.NaN, boolean: true }

/** One of the options that a definition allows; what was typed before they were stays. */
const OptionPicker = ({ label, value, known, onChange }: ScalarInputProps) => (
  <Picker
    label={label}
    value={String(value)}
    isOpen
    width={160}
    choices={offeredOf(known).map((each) => ({
      value: String(each),
      label: optionLabel(known, each) ?? String(each),
    }))}
    onChange={onChange}
  />
)

const Text = ({ label, value, known, onChange }: ScalarInputProps) => (
  <AutoComplete
    className={styles.field}
    style={{ width: 160 }}
    value={String(value)}
    placeholder={label}
    aria-label={label}
    options={known.values.filter((each) => typeof each === 'string').map((each) => ({ value: each }))}
    showSearch={{
      filterOption: (text, option) => String(option?.value).toLowerCase().includes(text.toLowerCase()),
    }}
    onChange={(text: string) => onChange(text)}
  />
)

const YesNo = ({ label, value, onChange }: ScalarInputProps) => {
  const t = useT()
  return (
    <Select<string>
      className={styles.field}
      style={{ width: 84 }}
      value={String(value)}
      aria-label={label}
      options={(['true', 'false'] as const).map((each) => ({
        value: each,
        label: t(`cdp.segments.say.${each}`),
      }))}
      onChange={(each) => onChange(each === 'true')}
    />
  )
}

/** A value to compare with: a text, a number, or yes and no. */
export const ScalarInput = (props: ScalarInputProps) => {
  const { label, value, known, onChange } = props
  const t = useT()
  const fixed = fixedForm(known.kind)
  const form = formOf(value)
  const own = {
    text: known.options?.length ? <OptionPicker {...props} /> : <Text {...props} />,
    number: <NumberInput label={label} value={value as number} width={120} onChange={onChange} />,
    boolean: <YesNo {...props} />,
  }[form]
  if (fixed === form) return own
  return (
    <span className={styles.pair}>
      <Select<Form>
        className={styles.field}
        style={{ width: 92 }}
        value={form}
        aria-label={t('cdp.segments.build.formOf', { name: label })}
        options={(['text', 'number', 'boolean'] as const).map((each) => ({
          value: each,
          label: t(`cdp.segments.build.form.${each}`),
        }))}
        onChange={(each) => onChange(EMPTY[each])}
      />
      {own}
    </span>
  )
}
