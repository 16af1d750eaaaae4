import { useNavigate } from '@tanstack/react-router'
import { type MouseEvent, useMemo } from 'react'
import type { PersonRow } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { type Column, DateTime, DomainDot, Money, Nothing, StageBadge, useNarrow } from '@/kernel/ui'
import { nameOf, tellingIdentifier } from './naming'
import styles from './people.module.css'
import { useSourceName } from './source-name'
import { useTagName } from './tag-name'

const MOST_TAGS = 2

/** Whether a click is for the browser: to open a tab or a window. */
const isForBrowser = ({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent) =>
  button !== 0 || metaKey || ctrlKey || shiftKey || altKey

const Tags = ({ tags, nameOf }: { tags: string[]; nameOf: (tag: string) => string }) => {
  if (tags.length === 0) return <Nothing />
  return (
    <span className={styles.tags} title={tags.map(nameOf).join(', ')}>
      {tags.slice(0, MOST_TAGS).map((tag) => (
        <span key={tag} className={styles.tag}>
          {nameOf(tag)}
        </span>
      ))}
      {tags.length > MOST_TAGS ? <span className={styles.more}>+{tags.length - MOST_TAGS}</span> : null}
    </span>
  )
}

/** The columns of the list of people; two lines a person on a phone. */
export const usePeopleColumns = (): Column<PersonRow>[] => {
  const t = useT()
  const format = useFormats()
  const isNarrow = useNarrow()
  const sourceName = useSourceName()
  const tagName = useTagName()
  const navigate = useNavigate()
  return useMemo(() => {
    // A plain link: the router's own watches the address, and there is one of them a row.
    const link = (person: PersonRow) => {
      const personId = String(person.id)
      const open = (event: MouseEvent) => {
        if (isForBrowser(event)) return
        event.preventDefault()
        void navigate({ to: '/people/$personId', params: { personId } })
      }
      return (
        <a href={`/people/${personId}`} onClick={open}>
          {nameOf(person) ?? t('cdp.people.unnamed', { id: personId })}
        </a>
      )
    }
    const columns: Column<PersonRow>[] = [
      {
        key: 'name',
        title: t('cdp.people.column.name'),
        render: (person) =>
          isNarrow ? (
            <span className={styles.who}>
              {link(person)}
              <span className={styles.sub}>{t(`kernel.stage.${person.stage}`)}</span>
            </span>
          ) : (
            link(person)
          ),
      },
      {
        key: 'identifier',
        title: t('cdp.people.column.identifier'),
        width: 156,
        isWideOnly: true,
        render: (person) => tellingIdentifier(person.identifiers)?.value ?? <Nothing />,
      },
      {
        key: 'tags',
        title: t('cdp.people.column.tags'),
        width: 190,
        isWideOnly: true,
        render: (person) => <Tags tags={person.tags} nameOf={tagName} />,
      },
      {
        key: 'stage',
        title: t('cdp.people.column.stage'),
        width: 146,
        isWideOnly: true,
        render: (person) => <StageBadge stage={person.stage} />,
      },
      {
        key: 'from',
        title: t('cdp.people.column.from'),
        width: 150,
        isWideOnly: true,
        render: ({ first_touch: touch }) =>
          touch ? <DomainDot domain={touch.domain} label={sourceName(touch.source)} /> : <Nothing />,
      },
      {
        key: 'orders',
        title: t('cdp.people.column.orders'),
        width: 72,
        isNumber: true,
        isWideOnly: true,
        render: (person) => format.count(person.order_count),
      },
      {
        key: 'revenue',
        title: t('cdp.people.column.revenue'),
        width: isNarrow ? 92 : 120,
        isNumber: true,
        isSortable: true,
        render: (person) => (
          <Money minor={person.revenue_minor} currency={person.currency} compact={isNarrow} />
        ),
      },
      {
        key: 'last_seen',
        title: t('cdp.people.column.lastSeen'),
        width: isNarrow ? 108 : 134,
        isSortable: true,
        render: (person) => <DateTime at={person.last_seen_at} style="ago" />,
      },
      {
        key: 'fan',
        title: t('cdp.people.column.fan'),
        width: 68,
        isWideOnly: true,
        render: (person) =>
          person.is_fan ? <span className={styles.fan}>{t('cdp.people.yes')}</span> : <Nothing />,
      },
    ]
    return columns
  }, [t, format, isNarrow, sourceName, tagName, navigate])
}
