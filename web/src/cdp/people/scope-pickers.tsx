import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Select } from '@/kernel/ui'
import styles from './people.module.css'
import { listNameQuery, listNamesQuery, segmentNamesQuery } from './queries'

interface PickerProps {
  value: number | undefined
  onChange: (id: number | undefined) => void
}

interface Named {
  id: number
  name: string
  size: number
}

const useOptions = (items: Named[] | undefined) => {
  const format = useFormats()
  return items?.map(({ id, name, size }) => ({ value: id, label: name, size: format.count(size) }))
}

const Option = ({ label, size }: { label: string; size: string }) => (
  <span className={styles.option}>
    {label}
    <span>{size}</span>
  </span>
)

/** One of the segments, with how many are in each. */
export const SegmentPicker = ({ value, onChange }: PickerProps) => {
  const t = useT()
  const { data, isPending } = useQuery(segmentNamesQuery())
  return (
    <Select<number, { value: number; label: string; size: string }>
      className={styles.choice}
      popupMatchSelectWidth={false}
      allowClear
      value={value}
      loading={isPending}
      placeholder={t('cdp.people.list.segment')}
      aria-label={t('cdp.people.list.segment')}
      notFoundContent={t('cdp.people.list.noSegment')}
      showSearch={{ optionFilterProp: 'label' }}
      options={useOptions(data)}
      optionRender={({ data: option }) => <Option {...option} />}
      onChange={(id?: number) => onChange(id)}
    />
  )
}

/** One of the lists: there may be many, so they are sought on the server. */
export const ListPicker = ({ value, onChange }: PickerProps) => {
  const t = useT()
  const [typed, setTyped] = useState('')
  const sought = useDeferredValue(typed.trim())
  const { data, isPending } = useQuery({ ...listNamesQuery(sought), placeholderData: (before) => before })
  const isMissing = value !== undefined && data !== undefined && !data.some(({ id }) => id === value)
  const chosen = useQuery({ ...listNameQuery(value ?? 0), enabled: isMissing })
  const missing =
    isMissing && chosen.data ? [{ id: value, name: chosen.data.name, size: chosen.data.size }] : []
  return (
    <Select<number, { value: number; label: string; size: string }>
      className={styles.choice}
      popupMatchSelectWidth={false}
      allowClear
      value={value}
      loading={isPending}
      placeholder={t('cdp.people.list.list')}
      aria-label={t('cdp.people.list.list')}
      notFoundContent={t('cdp.people.list.noList')}
      showSearch={{ onSearch: setTyped, filterOption: false }}
      options={useOptions(data && [...data, ...missing])}
      optionRender={({ data: option }) => <Option {...option} />}
      onChange={(id?: number) => onChange(id)}
    />
  )
}
