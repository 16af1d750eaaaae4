import { useQuery } from '@tanstack/react-query'
import { memo, useEffect, useMemo, useRef, useState } from 'react'
import type { DomainName, PersonRow, StageName } from '@/kernel/api'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { AutoComplete, Input, Select, STAGES } from '@/kernel/ui'
import { SearchIcon } from '@/kernel/ui/icons'
import styles from './people.module.css'
import { segmentNamesQuery, sourcesQuery } from './queries'
import type { PeopleSearch } from './search'

const DOMAINS: readonly DomainName[] = ['public', 'commercial', 'private', 'unknown']
const TYPING_PAUSE_MS = 300

interface FiltersProps {
  search: PeopleSearch
  onChange: (search: PeopleSearch) => void
  /** People whose tags are offered. */
  people: PersonRow[]
  /** How many people match, in words. */
  total: string
}

/** Text that is passed on once its writer pauses. */
const useTyped = (value: string, commit: (text: string) => void) => {
  const [typed, setTyped] = useState(value)
  const latest = useRef(commit)
  latest.current = commit
  useEffect(() => setTyped(value), [value])
  useEffect(() => {
    if (typed.trim() === value) return
    const timer = setTimeout(() => latest.current(typed.trim()), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed, value])
  return [typed, setTyped] as const
}

const useOffered = (people: PersonRow[]) =>
  useMemo(() => {
    const tags = new Set(people.flatMap((person) => person.tags))
    return [...tags].sort().map((value) => ({ value }))
  }, [people])

const Plain = ({ search, onChange, people, total }: FiltersProps) => {
  const t = useT()
  const [q, setQ] = useTyped(search.q ?? '', (text) => onChange({ ...search, q: text || undefined }))
  const [tag, setTag] = useTyped(search.tag ?? '', (text) => onChange({ ...search, tag: text || undefined }))
  const sources = useQuery(sourcesQuery())
  const segments = useQuery({ ...segmentNamesQuery(), enabled: useCan('segments:read') })
  const choice = { allowClear: true, className: styles.choice, popupMatchSelectWidth: false } as const
  return (
    <search className={styles.filters}>
      <Input
        className={styles.search}
        prefix={<SearchIcon aria-hidden="true" />}
        value={q}
        onChange={(event) => setQ(event.target.value)}
        placeholder={t('cdp.people.list.search')}
        aria-label={t('cdp.people.list.search')}
        allowClear
      />
      <Select<StageName>
        {...choice}
        value={search.stage}
        placeholder={t('cdp.people.column.stage')}
        aria-label={t('cdp.people.column.stage')}
        options={STAGES.map((value) => ({ value, label: t(`kernel.stage.${value}`) }))}
        onChange={(stage?: StageName) => onChange({ ...search, stage })}
      />
      <Select<DomainName>
        {...choice}
        value={search.domain}
        placeholder={t('cdp.people.list.domain')}
        aria-label={t('cdp.people.list.domain')}
        options={DOMAINS.map((value) => ({ value, label: t(`kernel.domain.${value}`) }))}
        onChange={(domain?: DomainName) => onChange({ ...search, domain })}
      />
      <Select<number>
        {...choice}
        value={search.source_id}
        placeholder={t('cdp.people.list.source')}
        aria-label={t('cdp.people.list.source')}
        showSearch={{ optionFilterProp: 'label' }}
        options={sources.data?.items.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(source_id?: number) => onChange({ ...search, source_id })}
      />
      {segments.data && segments.data.length > 0 ? (
        <Select<number>
          {...choice}
          value={search.segment_id}
          placeholder={t('cdp.people.list.segment')}
          aria-label={t('cdp.people.list.segment')}
          showSearch={{ optionFilterProp: 'label' }}
          options={segments.data.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(segment_id?: number) => onChange({ ...search, segment_id })}
        />
      ) : null}
      <AutoComplete
        className={styles.choice}
        value={tag}
        onChange={(text: string) => setTag(text ?? '')}
        options={useOffered(people)}
        showSearch={{ filterOption: true }}
        placeholder={t('cdp.people.column.tags')}
        aria-label={t('cdp.people.column.tags')}
        allowClear
      />
      <Select<'yes' | 'no'>
        {...choice}
        value={search.fan === undefined ? undefined : search.fan ? 'yes' : 'no'}
        placeholder={t('cdp.people.list.fan')}
        aria-label={t('cdp.people.list.fan')}
        options={[
          { value: 'yes', label: t('cdp.people.list.fans') },
          { value: 'no', label: t('cdp.people.list.notFans') },
        ]}
        onChange={(fan?: 'yes' | 'no') => onChange({ ...search, fan: fan && fan === 'yes' })}
      />
      <span role="status" className={styles.total}>
        {total}
      </span>
    </search>
  )
}

/** Search and filters; what is chosen stands in the page's address. They rest while the list fetches more people. */
export const Filters = memo(Plain)
