import type { ReactNode } from 'react'
import { CloseIcon } from './icons'
import styles from './tag-chip.module.css'
import { isTagColor, tagColor } from './tokens'

interface TagChipProps {
  /** What the tag is called. */
  name: ReactNode
  /** One of the colors a tag can have; any other word counts as none. */
  color?: string | null
  /** What stands small behind the name, such as when the tag falls off. */
  note?: ReactNode
  /** Takes the tag off; the words say which, for those who cannot see it. */
  remove?: { label: string; act: () => void; isDisabled?: boolean }
}

const shadeOf = (color: string | null | undefined): string => tagColor[isTagColor(color) ? color : 'slate']

/** A tag: its name beside a dot in its color. */
export const TagChip = ({ name, color, note, remove }: TagChipProps) => (
  <span className={styles.chip}>
    <span className={styles.dot} style={{ background: shadeOf(color) }} aria-hidden="true" />
    <span className={styles.name}>{name}</span>
    {note ? <span className={styles.note}>{note}</span> : null}
    {remove ? (
      <button
        type="button"
        className={styles.remove}
        aria-label={remove.label}
        disabled={remove.isDisabled}
        onClick={remove.act}
      >
        <CloseIcon aria-hidden="true" />
      </button>
    ) : null}
  </span>
)
