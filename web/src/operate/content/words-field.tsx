import { useId, useRef } from 'react'
import { Input } from '@/kernel/ui'
import styles from './content.module.css'
import { WordsButton } from './words-button'

interface WordsFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  /** Lines that are shown at least; none: one line only. */
  rows?: number
  hint?: string
  placeholder?: string
  /** Letters of one width, as in code. */
  isCode?: boolean
}

/** A text that variables can stand in. */
export const WordsField = ({ label, value, onChange, rows, hint, placeholder, isCode }: WordsFieldProps) => {
  const id = useId()
  const cursor = useRef<number | null>(null)
  const insert = (text: string) => {
    const at = cursor.current ?? value.length
    cursor.current = at + text.length
    onChange(value.slice(0, at) + text + value.slice(at))
  }
  const shared = {
    id,
    value,
    placeholder,
    'aria-describedby': hint ? `${id}-hint` : undefined,
    className: isCode ? styles.code : undefined,
    onChange: ({ target }: { target: { value: string } }) => onChange(target.value),
    onSelect: ({ currentTarget }: { currentTarget: { selectionEnd: number | null } }) => {
      cursor.current = currentTarget.selectionEnd
    },
  }
  return (
    <div className={styles.field}>
      <div className={styles.fieldHead}>
        <label htmlFor={id}>{label}</label>
        <WordsButton onPick={insert} />
      </div>
      {rows ? (
        <Input.TextArea {...shared} autoSize={{ minRows: rows, maxRows: 24 }} />
      ) : (
        <Input {...shared} />
      )}
      {hint ? (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      ) : null}
    </div>
  )
}

interface PlainFieldProps {
  label: string
  children: (id: string) => React.ReactNode
}

/** Any other control under its label. */
export const PlainField = ({ label, children }: PlainFieldProps) => {
  const id = useId()
  return (
    <div className={styles.field}>
      <div className={styles.fieldHead}>
        <label htmlFor={id}>{label}</label>
      </div>
      {children(id)}
    </div>
  )
}
