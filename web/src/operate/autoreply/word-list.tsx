import { useT } from '@/kernel/i18n'
import { Button, Input, Select } from '@/kernel/ui'
import { CloseIcon, PlusIcon } from '@/kernel/ui/icons'
import styles from './autoreply.module.css'
import type { How, Word } from './types'

const HOWS: readonly How[] = ['contains', 'exact', 'fuzzy', 'regex']

interface WordListProps {
  label: string
  words: Word[]
  onChange: (words: Word[]) => void
}

/** Words, each with the way in which it is looked for. */
export const WordList = ({ label, words, onChange }: WordListProps) => {
  const t = useT()
  const put = (place: number, word: Word) => onChange(words.map((each, at) => (at === place ? word : each)))
  return (
    <div className={styles.field}>
      <span>{label}</span>
      {words.map((word, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: words have no other name, and are not moved
        <div key={place} className={styles.line}>
          <Input
            value={word.text}
            maxLength={700}
            aria-label={t('operate.autoreply.word')}
            onChange={({ target }) => put(place, { ...word, text: target.value })}
          />
          <Select
            value={word.how ?? 'contains'}
            aria-label={t('operate.autoreply.how.label')}
            options={HOWS.map((how) => ({ value: how, label: t(`operate.autoreply.how.${how}`) }))}
            onChange={(how) => put(place, { ...word, how })}
          />
          <Button
            type="text"
            icon={<CloseIcon />}
            aria-label={t('operate.autoreply.dropWord')}
            onClick={() => onChange(words.filter((_, at) => at !== place))}
          />
        </div>
      ))}
      <div>
        <Button
          size="small"
          icon={<PlusIcon />}
          onClick={() => onChange([...words, { text: '', how: 'contains' }])}
        >
          {t('operate.autoreply.addWord')}
        </Button>
      </div>
    </div>
  )
}
