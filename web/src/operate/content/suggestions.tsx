import { useQuery } from '@tanstack/react-query'
import styles from './content.module.css'
import { wordsQuery } from './queries'
import type { Word } from './view'

const MOST = 7

/** The words that what was begun may become. */
export const useSuggestions = (text: string | null): Word[] => {
  const { data } = useQuery({ ...wordsQuery, enabled: text !== null })
  if (text === null || !data) return []
  const sought = text.toLowerCase()
  const rank = ({ path }: Word) =>
    path
      .toLowerCase()
      .split('.')
      .some((part) => part.startsWith(sought))
      ? 0
      : 1
  return data.items
    .filter(({ path, label }) => path !== 'products' && `${path} ${label}`.toLowerCase().includes(sought))
    .sort((one, other) => rank(one) - rank(other))
    .slice(0, MOST)
}

interface SuggestionsProps {
  id: string
  words: Word[]
  chosen: number
  onPick: (word: Word) => void
}

/** What a variable that is being written may become. */
export const Suggestions = ({ id, words, chosen, onPick }: SuggestionsProps) => (
  <div id={id} role="listbox" className={styles.suggestions}>
    {words.map((word, index) => (
      <div
        key={word.path}
        id={`${id}-${index}`}
        role="option"
        tabIndex={-1}
        aria-selected={index === chosen}
        // The box keeps the cursor.
        onMouseDown={(event) => {
          event.preventDefault()
          onPick(word)
        }}
      >
        <span>{word.label || word.path}</span>
        <span className={styles.hint}>
          {[word.label ? word.path : '', ...word.samples.slice(0, 2)].filter(Boolean).join(' · ')}
        </span>
      </div>
    ))}
  </div>
)
