import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { AutoComplete, TagChip } from '@/kernel/ui'
import type { Deeds } from './deeds'
import styles from './inbox.module.css'
import { type Conversation, setupQuery } from './queries'

/** The tags of a conversation, and one more. */
export const Tags = ({ conversation, deeds }: { conversation: Conversation; deeds: Deeds }) => {
  const t = useT()
  const canWrite = useCan('inbox:write')
  const { data: setup } = useQuery(setupQuery)
  const [typed, setTyped] = useState('')
  const add = (tag: string) => {
    const word = tag.trim()
    if (word) deeds.tag({ add: [word] })
    setTyped('')
  }
  const others = (setup?.tags ?? []).filter((tag) => !conversation.tags.includes(tag))
  return (
    <section className={styles.block} aria-label={t('operate.inbox.side.tags')}>
      <h3>{t('operate.inbox.side.tags')}</h3>
      <div className={styles.tags}>
        {conversation.tags.map((tag) => (
          <TagChip
            key={tag}
            name={tag}
            remove={
              canWrite
                ? {
                    label: t('operate.inbox.side.removeTag', { tag }),
                    act: () => deeds.tag({ remove: [tag] }),
                  }
                : undefined
            }
          />
        ))}
        {canWrite ? (
          <AutoComplete
            size="small"
            className={styles.addTag}
            value={typed}
            options={others.filter((tag) => tag.includes(typed)).map((value) => ({ value }))}
            placeholder={t('operate.inbox.side.addTag')}
            aria-label={t('operate.inbox.side.addTag')}
            onChange={setTyped}
            onSelect={add}
            onInputKeyDown={(event) => {
              if (event.key === 'Enter') add(typed)
            }}
          />
        ) : null}
      </div>
    </section>
  )
}
