import { useT } from '@/kernel/i18n'
import type { Scalar } from '../../rule/types'
import { type Known, offeredOf, optionLabel } from '../vocabulary'
import { ManyPicker } from './picker'

interface ValuesInputProps {
  label: string
  values: Scalar[]
  known: Known
  onChange: (values: Scalar[]) => void
}

// Pickers work with texts; a number and its text must not be taken for each other.
const toText = (value: Scalar): string => (typeof value === 'string' ? value : `=${String(value)}`)

const toScalar = (text: string, known: Known): Scalar => {
  if (text === '=true' || text === '=false') return text === '=true'
  const number = Number(text.replace(/^=/, ''))
  const isNumber = text.startsWith('=') || known.kind === 'number'
  return isNumber && text !== '' && Number.isFinite(number) ? number : text
}

/** Several values to compare with. Whatever is typed where numbers are expected is one. */
export const ValuesInput = ({ label, values, known, onChange }: ValuesInputProps) => {
  const t = useT()
  const shown = (value: Scalar) =>
    typeof value === 'boolean' ? t(`cdp.segments.say.${value}`) : (optionLabel(known, value) ?? String(value))
  const offered = [...new Set([...offeredOf(known), ...values])]
  return (
    <ManyPicker
      label={label}
      values={values.map(toText)}
      choices={offered.map((value) => ({ value: toText(value), label: shown(value) }))}
      isOpen
      onChange={(texts) => {
        const next = texts.map((text) => toScalar(text, known))
        onChange(known.kind === 'number' ? next.filter((value) => typeof value === 'number') : next)
      }}
    />
  )
}
