import { useQuery } from '@tanstack/react-query'
import { memo, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react'
import type { DomainName, StageName } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { AutoComplete, Button, Input, Select, STAGES, useNarrow } from '@/kernel/ui'
import { FilterIcon, SearchIcon } from '@/kernel/ui/icons'
import styles from './people.module.css'
import { sourcesQuery, vocabularyQuery } from './queries'
import { ListPicker, SegmentPicker } from './scope-pickers'
import type { PeopleSearch } from './search'
import { useTagName } from './tag-name'

const DOMAINS: readonly DomainName[] = ['public', 'commercial', 'private', 'unknown']
const TYPING_PAUSE_MS = 300

interface FiltersProps {
  search: PeopleSearch
  onChange: (search: PeopleSearch) => void
  /** How many people match, in words. */
  total: string
  tools?: ReactNode
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

const choice = { allowClear: true, className: styles.choice, popupMatchSelectWidth: false } as const

/** Whether a tag has what was typed in its word or in what it is called. */
const isNamed = (typed: string, ...names: unknown[]) =>
  names.some((name) => typeof name === 'string' && name.toLowerCase().includes(typed.toLowerCase()))

/** What is asked for most. */
const Usual = ({ search, onChange }: Pick<FiltersProps, 'search' | 'onChange'>) => {
  const t = useT()
  const [tag, setTag] = useTyped(search.tag ?? '', (text) => onChange({ ...search, tag: text || undefined }))
  const vocabulary = useQuery(vocabularyQuery())
  const tagName = useTagName()
  const tags = useMemo(
    () => vocabulary.data?.tags.map((value) => ({ value, label: tagName(value) })),
    [vocabulary.data, tagName],
  )
  return (
    <>
      <Select<StageName>
        {...choice}
        value={search.stage}
        placeholder={t('cdp.people.column.stage')}
        aria-label={t('cdp.people.column.stage')}
        options={STAGES.map((value) => ({ value, label: t(`kernel.stage.${value}`) }))}
        onChange={(stage?: StageName) => onChange({ ...search, stage })}
      />
      <AutoComplete
        className={styles.choice}
        value={tag}
        onChange={(text: string) => setTag(text ?? '')}
        options={tags}
        showSearch={{ filterOption: (typed, option) => isNamed(typed, option?.value, option?.label) }}
        placeholder={t('cdp.people.column.tags')}
        aria-label={t('cdp.people.column.tags')}
        allowClear
      />
      <SegmentPicker
        value={search.segment_id}
        onChange={(segment_id) => onChange({ ...search, segment_id })}
      />
      <ListPicker value={search.list_id} onChange={(list_id) => onChange({ ...search, list_id })} />
    </>
  )
}

/** What is asked for now and then. */
const Others = ({ search, onChange }: Pick<FiltersProps, 'search' | 'onChange'>) => {
  const t = useT()
  const sources = useQuery(sourcesQuery())
  return (
    <>
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
    </>
  )
}

const countOf = (...values: unknown[]): number => values.filter((value) => value !== undefined).length

const Plain = ({ search, onChange, total, tools }: FiltersProps) => {
  const t = useT()
  const isNarrow = useNarrow()
  const [q, setQ] = useTyped(search.q ?? '', (text) => onChange({ ...search, q: text || undefined }))
  const rare = countOf(search.domain, search.source_id, search.fan)
  const usual = countOf(search.stage, search.tag, search.segment_id, search.list_id)
  const hidden = isNarrow ? rare + usual : rare
  const [isOpen, setIsOpen] = useState(hidden > 0)
  const moreId = useId()
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
      {isNarrow ? null : <Usual search={search} onChange={onChange} />}
      <Button
        icon={<FilterIcon aria-hidden="true" />}
        aria-expanded={isOpen}
        aria-controls={moreId}
        onClick={() => setIsOpen(!isOpen)}
      >
        {hidden > 0
          ? t('cdp.people.list.filtersOn', { count: hidden })
          : t(isNarrow ? 'cdp.people.list.filters' : 'cdp.people.list.moreFilters')}
      </Button>
      <span role="status" className={styles.total}>
        {total}
      </span>
      {tools}
      <div id={moreId} className={styles.moreFilters} hidden={!isOpen}>
        {isNarrow && isOpen ? <Usual search={search} onChange={onChange} /> : null}
        {isOpen ? <Others search={search} onChange={onChange} /> : null}
      </div>
    </search>
  )
}

/** Search and filters; what is chosen stands in the page's address. */
export const Filters = memo(Plain)
