import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { Input } from '@/kernel/ui'
import { type Begun, begunAt, completed } from './completing'
import styles from './content.module.css'
import { Suggestions, useSuggestions } from './suggestions'
import type { Word } from './view'
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

type Box = HTMLInputElement | HTMLTextAreaElement

/** A text that variables can stand in; two braces bring up what may follow. */
export const WordsField = ({ label, value, onChange, rows, hint, placeholder, isCode }: WordsFieldProps) => {
  const id = useId()
  const cursor = useRef<number | null>(null)
  const box = useRef<Box | null>(null)
  const [begun, setBegun] = useState<Begun | null>(null)
  const [chosen, setChosen] = useState(0)
  const words = useSuggestions(begun?.text ?? null)
  const isOpen = words.length > 0
  const insert = (text: string) => {
    const at = cursor.current ?? value.length
    cursor.current = at + text.length
    onChange(value.slice(0, at) + text + value.slice(at))
  }
  const pick = ({ path }: Word) => {
    if (!begun) return
    const done = completed(value, begun, path)
    setBegun(null)
    cursor.current = done.cursor
    onChange(done.value)
    // Once the new text stands in the box.
    requestAnimationFrame(() => box.current?.setSelectionRange(done.cursor, done.cursor))
  }
  const look = (target: Box) => {
    box.current = target
    cursor.current = target.selectionEnd
    setBegun(target.selectionEnd === null ? null : begunAt(target.value, target.selectionEnd))
    setChosen(0)
  }
  const steer = (event: KeyboardEvent<Box>) => {
    const word = words[chosen]
    if (!isOpen || !word) return
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step) setChosen((chosen + step + words.length) % words.length)
    else if (event.key === 'Enter' || event.key === 'Tab') pick(word)
    else if (event.key === 'Escape') setBegun(null)
    else return
    event.preventDefault()
  }
  const shared = {
    id,
    value,
    placeholder,
    'aria-describedby': hint ? `${id}-hint` : undefined,
    'aria-controls': isOpen ? `${id}-words` : undefined,
    'aria-activedescendant': isOpen ? `${id}-words-${chosen}` : undefined,
    className: isCode ? styles.code : undefined,
    onChange: ({ target }: { target: Box }) => {
      onChange(target.value)
      look(target)
    },
    onSelect: ({ currentTarget }: { currentTarget: Box }) => {
      cursor.current = currentTarget.selectionEnd
    },
    onKeyDown: steer,
    onBlur: () => setBegun(null),
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
      {isOpen ? <Suggestions id={`${id}-words`} words={words} chosen={chosen} onPick={pick} /> : null}
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
