import dayjs from 'dayjs'
import { useT } from '@/kernel/i18n'
import type { Shape } from '@/kernel/traits'
import { DatePicker, Input, InputNumber, Select } from '@/kernel/ui'
import styles from './portrait.module.css'

interface TraitInputProps {
  label: string
  shape: Shape
  value: unknown
  onChange: (value: unknown) => void
  onSave: () => void
}

/** The control that fits a trait's kind of value. */
export const TraitInput = ({ label, shape, value, onChange, onSave }: TraitInputProps) => {
  const t = useT()
  const { type, unit, options = [] } = shape
  const choices = options.map((option) => ({ value: option.value, label: option.label || option.value }))
  const common = { className: styles.traitInput, autoFocus: true, 'aria-label': label }
  switch (type) {
    case 'number':
      return (
        <InputNumber<number>
          {...common}
          suffix={unit || undefined}
          value={typeof value === 'number' ? value : null}
          onChange={(next) => onChange(next)}
          onPressEnter={onSave}
        />
      )
    case 'bool':
      return (
        <Select<string>
          {...common}
          value={typeof value === 'boolean' ? String(value) : undefined}
          options={(['true', 'false'] as const).map((each) => ({
            value: each,
            label: t(each === 'true' ? 'kernel.traitValue.yes' : 'kernel.traitValue.no'),
          }))}
          onChange={(next) => onChange(next === 'true')}
        />
      )
    case 'date':
      return (
        <DatePicker
          {...common}
          value={typeof value === 'string' && value !== '' ? dayjs(value) : null}
          onChange={(next) => onChange(next ? next.format('YYYY-MM-DD') : null)}
        />
      )
    case 'option':
      return (
        <Select<string>
          {...common}
          showSearch={{ optionFilterProp: 'label' }}
          value={typeof value === 'string' ? value : undefined}
          options={choices}
          onChange={onChange}
        />
      )
    case 'options':
      return (
        <Select<string[]>
          {...common}
          mode={choices.length > 0 ? 'multiple' : 'tags'}
          value={Array.isArray(value) ? value.map(String) : []}
          options={choices}
          onChange={onChange}
        />
      )
    default:
      return (
        <Input
          {...common}
          value={value === null || value === undefined ? '' : String(value)}
          maxLength={1000}
          onChange={({ target }) => onChange(target.value)}
          onPressEnter={onSave}
        />
      )
  }
}
