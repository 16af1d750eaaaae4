import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type Person, unwrap } from '@/kernel/api'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Input, Tag, useNotice } from '@/kernel/ui'
import { forgetPeople } from '../queries'
import styles from './portrait.module.css'

interface TagChange {
  add: string[]
  remove: string[]
}

/** The tags of a person: taken off with a click, put on by typing. */
export const TagEditor = ({ person }: { person: Person }) => {
  const t = useT()
  const notice = useNotice()
  const canEdit = useCan('people:write')
  const [typed, setTyped] = useState('')
  const change = useMutation({
    mutationFn: (body: TagChange) =>
      unwrap(api.POST('/api/people/{person_id}/tags', { params: { path: { person_id: person.id } }, body })),
    onSuccess: forgetPeople,
    onError: (error) => void notice.error(error.message || t('kernel.ui.failed')),
  })
  const add = () => {
    const tag = typed.trim()
    if (tag && !person.tags.includes(tag)) change.mutate({ add: [tag], remove: [] })
    setTyped('')
  }
  return (
    <div className={styles.tags}>
      {person.tags.map((tag) => (
        <Tag
          key={tag}
          closable={canEdit ? { 'aria-label': t('cdp.people.tags.remove', { tag }) } : false}
          disabled={change.isPending}
          onClose={(event) => {
            event.preventDefault()
            change.mutate({ add: [], remove: [tag] })
          }}
        >
          {tag}
        </Tag>
      ))}
      {person.tags.length === 0 && !canEdit ? (
        <p className={styles.none}>{t('cdp.people.tags.none')}</p>
      ) : null}
      {canEdit ? (
        <Input
          size="small"
          className={styles.newTag}
          value={typed}
          maxLength={100}
          placeholder={t('cdp.people.tags.add')}
          aria-label={t('cdp.people.tags.add')}
          disabled={change.isPending}
          onChange={(event) => setTyped(event.target.value)}
          onPressEnter={add}
          onBlur={add}
        />
      ) : null}
    </div>
  )
}
