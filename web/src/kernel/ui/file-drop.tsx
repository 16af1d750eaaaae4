import { type DragEvent, useState } from 'react'
import styles from './file-drop.module.css'
import { UploadIcon } from './icons'

interface FileDropProps {
  /** What to choose, such as "Choose a CSV file or drop it here". */
  label: string
  /** What the file has to look like. */
  hint?: string
  /** Kinds of files that are offered, as the browser writes them: ".csv,text/csv". */
  accept: string
  file: File | null
  onFile: (file: File) => void
  isDisabled?: boolean
}

/** A file, chosen by click or keyboard or dropped. */
export const FileDrop = ({ label, hint, accept, file, onFile, isDisabled }: FileDropProps) => {
  const [isOver, setIsOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    const [dropped] = event.dataTransfer.files
    if (dropped && !isDisabled) onFile(dropped)
  }
  return (
    <label
      className={styles.place}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <input
        type="file"
        className={styles.input}
        accept={accept}
        disabled={isDisabled}
        onChange={({ target }) => {
          const [chosen] = target.files ?? []
          if (chosen) onFile(chosen)
          // The same file, once corrected, can be chosen again.
          target.value = ''
        }}
      />
      <UploadIcon aria-hidden="true" className={styles.icon} />
      <span>
        <span className={styles.label}>{file ? file.name : label}</span>
        {hint ? <span className={styles.hint}>{hint}</span> : null}
      </span>
    </label>
  )
}
