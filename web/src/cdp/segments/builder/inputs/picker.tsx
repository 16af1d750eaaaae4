import { useMemo, useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Select } from '@/kernel/ui'
import styles from '../builder.module.css'

export interface Choice {
  value: string
  label: string
  /** What stands small at the right of an option, such as how many people. */
  note?: string
}

interface PickerProps {
  label: string
  value: string
  choices: Choice[]
  onChange: (value: string) => void
  placeholder?: string
  /** Whether something can be typed that is not among the choices. */
  isOpen?: boolean
  width?: number
}

const matches = (choice: Choice, text: string) =>
  `${choice.label} ${choice.value}`.toLowerCase().includes(text.toLowerCase())

const useChoices = (choices: Choice[], chosen: readonly string[], typed: string, isOpen: boolean) => {
  const t = useT()
  return useMemo(() => {
    const known = new Set(choices.map(({ value }) => value))
    const missing = chosen.filter((value) => value !== '' && !known.has(value))
    const others = missing.map((value) => ({ value, label: value }))
    const text = typed.trim()
    const isNew = isOpen && text !== '' && !known.has(text) && !chosen.includes(text)
    const own = isNew ? [{ value: text, label: t('cdp.segments.build.other', { text }) }] : []
    return [...choices, ...others, ...own] satisfies Choice[]
  }, [choices, chosen, typed, isOpen, t])
}

const Option = ({ label, note }: Choice) => (
  <span className={styles.option}>
    {label}
    {note ? <span>{note}</span> : null}
  </span>
)

/** One of the known things, or something typed. */
export const Picker = (props: PickerProps) => {
  const { label, value, choices, onChange, placeholder, isOpen = false, width = 190 } = props
  const [typed, setTyped] = useState('')
  const options = useChoices(choices, [value], typed, isOpen)
  return (
    <Select<string, Choice>
      className={styles.field}
      style={{ width }}
      value={value === '' ? undefined : value}
      placeholder={placeholder ?? label}
      aria-label={label}
      popupMatchSelectWidth={false}
      showSearch={{
        onSearch: setTyped,
        filterOption: (text, option) =>
          option === undefined || option.value === text || matches(option, text),
      }}
      options={options}
      optionRender={({ data }) => <Option {...data} />}
      onChange={(next) => onChange(next)}
    />
  )
}

interface ManyPickerProps extends Omit<PickerProps, 'value' | 'onChange'> {
  values: string[]
  onChange: (values: string[]) => void
}

const MOST_SHOWN = 12

/** Some of the known things, each in sight: they wrap. */
export const ManyPicker = (props: ManyPickerProps) => {
  const { label, values, choices, onChange, placeholder, isOpen = false, width = 260 } = props
  const [typed, setTyped] = useState('')
  const options = useChoices(choices, values, typed, isOpen)
  return (
    <Select<string[], Choice>
      className={styles.field}
      style={{ width }}
      mode="multiple"
      value={values}
      placeholder={placeholder ?? label}
      aria-label={label}
      popupMatchSelectWidth={false}
      maxTagCount={MOST_SHOWN}
      showSearch={{
        onSearch: setTyped,
        filterOption: (text, option) =>
          option === undefined || option.value === text || matches(option, text),
      }}
      options={options}
      optionRender={({ data }) => <Option {...data} />}
      onChange={(next) => onChange(next)}
    />
  )
}
