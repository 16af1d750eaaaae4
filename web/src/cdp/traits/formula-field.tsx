import { useTraitTools } from './tools'
import styles from './traits.module.css'
import type { Formula, TraitType } from './view'

interface FormulaFieldProps {
  /** A form hands both in. */
  value?: Formula
  onChange?: (formula: Formula) => void
  /** Called with the kind of value that a changed formula gives. */
  onType: (type: TraitType) => void
}

/** A formula in a form: what it says, and its controls. */
export const FormulaField = ({ value, onChange = () => undefined, onType }: FormulaFieldProps) => {
  const { say, FormulaInput, typeOf } = useTraitTools()
  if (!value) return null
  return (
    <>
      <p className={styles.said} data-sentence="">
        {say(value)}
      </p>
      <FormulaInput
        formula={value}
        onChange={(next) => {
          onChange(next)
          onType(typeOf(next))
        }}
      />
    </>
  )
}
