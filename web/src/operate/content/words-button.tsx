import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useT, useWord } from '@/kernel/i18n'
import { Button, Input, Popover, Tooltip } from '@/kernel/ui'
import { FormulaIcon } from '@/kernel/ui/icons'
import styles from './content.module.css'
import { wordsQuery } from './queries'

interface WordsButtonProps {
  /** Takes what is to stand in the text, braces and all. */
  onPick: (text: string) => void
}

const List = ({ onPick }: WordsButtonProps) => {
  const t = useT()
  const word = useWord()
  const [q, setQ] = useState('')
  const { data } = useQuery(wordsQuery)
  const sought = q.trim().toLowerCase()
  const found = (data?.items ?? []).filter(({ path, label }) =>
    `${path} ${label}`.toLowerCase().includes(sought),
  )
  return (
    <div className={styles.words}>
      <Input
        autoFocus
        value={q}
        onChange={({ target }) => setQ(target.value)}
        placeholder={t('operate.content.words.search')}
        aria-label={t('operate.content.words.search')}
      />
      <ul>
        {found.map(({ path, label, group, samples }) => (
          <li key={path}>
            <button type="button" onClick={() => onPick(path === 'products' ? path : `{{ ${path} }}`)}>
              <span className={styles.wordName}>{label || path}</span>
              <span className={styles.hint}>
                {[word('operate.content.words', group), label ? path : '', ...samples]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 ? <p className={styles.hint}>{t('operate.content.words.none')}</p> : null}
    </div>
  )
}

/** Everything that a text may speak of, with examples, to put where the cursor stands. */
export const WordsButton = ({ onPick }: WordsButtonProps) => {
  const t = useT()
  const [isOpen, setIsOpen] = useState(false)
  const pick = (text: string) => {
    setIsOpen(false)
    onPick(text)
  }
  return (
    <Popover
      open={isOpen}
      onOpenChange={setIsOpen}
      trigger="click"
      placement="bottomRight"
      destroyOnHidden
      content={<List onPick={pick} />}
    >
      <Tooltip title={t('operate.content.words.insert')}>
        <Button
          size="small"
          type="text"
          icon={<FormulaIcon aria-hidden="true" />}
          aria-label={t('operate.content.words.insert')}
        />
      </Tooltip>
    </Popover>
  )
}
