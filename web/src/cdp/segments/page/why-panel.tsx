import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { PersonRow } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, Input, Loaded, Panel } from '@/kernel/ui'
import { SearchIcon } from '@/kernel/ui/icons'
import { findPeopleQuery, whyQuery } from '../queries'
import styles from '../segments.module.css'
import type { Segment } from '../view'
import { Explanation } from './explanation'

const TYPING_PAUSE_MS = 300

const useNameOf = () => {
  const t = useT()
  return (person: PersonRow) =>
    person.name?.trim() ||
    person.identifiers[0]?.value ||
    t('cdp.segments.unnamed', { id: String(person.id) })
}

interface AnswerProps {
  segment: Segment
  person: PersonRow
}

const Answer = ({ segment, person }: AnswerProps) => {
  const t = useT()
  const nameOf = useNameOf()
  const query = useQuery(whyQuery(person.id, segment.segment_id))
  return (
    <Loaded query={query} height={120}>
      {({ is_in: isIn, explained }) => (
        <div role="status" className={styles.why}>
          <p className={styles.verdict}>
            {t(isIn ? 'cdp.segments.why.in' : 'cdp.segments.why.out', { name: nameOf(person) })}
          </p>
          {isIn === explained.holds ? null : <p className={styles.none}>{t('cdp.segments.why.soon')}</p>}
          <Explanation rule={segment.rule} explained={explained} />
        </div>
      )}
    </Loaded>
  )
}

/** Find somebody and learn which conditions let them in or keep them out. */
export const WhyPanel = ({ segment }: { segment: Segment }) => {
  const t = useT()
  const format = useFormats()
  const nameOf = useNameOf()
  const [text, setText] = useState('')
  const [sought, setSought] = useState('')
  const [person, setPerson] = useState<PersonRow | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => setSought(text.trim()), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  const found = useQuery(findPeopleQuery(sought))
  const people = sought.length >= 2 ? (found.data?.items ?? []) : []
  return (
    <Panel title={t('cdp.segments.why.title')} note={t('cdp.segments.why.note')}>
      <div className={styles.why}>
        <Input
          prefix={<SearchIcon aria-hidden="true" />}
          value={text}
          placeholder={t('cdp.segments.why.search')}
          aria-label={t('cdp.segments.why.search')}
          onChange={({ target }) => {
            setText(target.value)
            setPerson(null)
          }}
          allowClear
        />
        {person ? (
          <Answer segment={segment} person={person} />
        ) : (
          <ul className={styles.plain}>
            {people.map((each) => (
              <li key={each.id}>
                <Button type="link" style={{ padding: 0 }} onClick={() => setPerson(each)}>
                  {nameOf(each)}
                </Button>
                <span className={styles.beside}>{format.ago(each.last_seen_at)}</span>
              </li>
            ))}
          </ul>
        )}
        {found.data && sought.length >= 2 && people.length === 0 ? (
          <p className={styles.none}>{t('cdp.segments.why.nobody')}</p>
        ) : null}
      </div>
    </Panel>
  )
}
