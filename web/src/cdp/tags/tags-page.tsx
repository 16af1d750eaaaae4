import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, EmptyState, Input, Loaded, Page, Panel, useNotice } from '@/kernel/ui'
import { PlusIcon, SearchIcon } from '@/kernel/ui/icons'
import { GroupDialog } from './group-dialog'
import { GroupPanel } from './group-panel'
import { tagsQuery } from './queries'
import { RenameDialog } from './rename-dialog'
import { TagDrawer } from './tag-drawer'
import styles from './tags.module.css'
import type { TagGroup, TagItem } from './view'

type Open =
  | { what: 'tag'; item?: TagItem; groupId?: number }
  | { what: 'group'; group?: TagGroup }
  | { what: 'rename'; item: TagItem }

const byPeople = (one: TagItem, other: TagItem) =>
  other.people - one.people || one.tag.localeCompare(other.tag)

interface GroupsProps {
  items: TagItem[]
  groups: TagGroup[]
  canWrite: boolean
  onOpen: (open: Open) => void
}

const Groups = ({ items, groups, canWrite, onOpen }: GroupsProps) => {
  const t = useT()
  const [text, setText] = useState('')
  const sought = text.trim().toLowerCase()
  const found = items
    .filter(({ tag, label, description }) => `${tag} ${label} ${description}`.toLowerCase().includes(sought))
    .sort(byPeople)
  const actions = {
    canWrite,
    onEdit: (item: TagItem) => onOpen({ what: 'tag', item }),
    onRename: (item: TagItem) => onOpen({ what: 'rename', item }),
  }
  const panels = [...groups, null].map((group) => ({
    group,
    members: found.filter((item) => item.group_id === (group?.group_id ?? null)),
  }))
  const shown = panels.filter(({ group, members }) => members.length > 0 || (group && sought === ''))
  return (
    <>
      <search className={styles.search}>
        <Input
          prefix={<SearchIcon aria-hidden="true" />}
          value={text}
          onChange={({ target }) => setText(target.value)}
          placeholder={t('cdp.tags.search')}
          aria-label={t('cdp.tags.search')}
          allowClear
        />
        <span role="status" className={styles.muted}>
          {t('cdp.tags.total', { count: found.length })}
        </span>
      </search>
      {shown.length === 0 ? (
        <Panel title={t('cdp.tags.title')}>
          <EmptyState title={t('cdp.tags.noMatch')} />
        </Panel>
      ) : null}
      {shown.map(({ group, members }) => (
        <GroupPanel
          key={group?.group_id ?? 'none'}
          group={group}
          items={members}
          actions={actions}
          onAdd={(groupId) => onOpen({ what: 'tag', groupId })}
          onEditGroup={(each) => onOpen({ what: 'group', group: each })}
        />
      ))}
    </>
  )
}

/** Every tag by its group: color, people, how it comes and goes. */
export const TagsPage = () => {
  const t = useT()
  const notice = useNotice()
  const canWrite = useCan('segments:write')
  const query = useQuery(tagsQuery)
  const [open, setOpen] = useState<Open | null>(null)
  const close = () => setOpen(null)
  const { items = [], groups = [] } = query.data ?? {}
  const tools = canWrite ? (
    <>
      <Button onClick={() => setOpen({ what: 'group' })}>{t('cdp.tags.newGroup')}</Button>
      <Button type="primary" icon={<PlusIcon />} onClick={() => setOpen({ what: 'tag' })}>
        {t('cdp.tags.newTag')}
      </Button>
    </>
  ) : null
  return (
    <Page title={t('cdp.tags.title')} note={t('cdp.tags.note')} tools={tools}>
      <Loaded query={query} height={420}>
        {(known) =>
          known.items.length === 0 && known.groups.length === 0 ? (
            <Panel title={t('cdp.tags.title')}>
              <EmptyState title={t('cdp.tags.empty')}>{t('cdp.tags.emptyHint')}</EmptyState>
            </Panel>
          ) : (
            <Groups {...known} canWrite={canWrite} onOpen={setOpen} />
          )
        }
      </Loaded>
      {open?.what === 'tag' ? (
        <TagDrawer
          item={open.item}
          groupId={open.groupId}
          groups={groups}
          onSaved={() => {
            close()
            notice.success(t('cdp.tags.saved'))
          }}
          onClose={close}
        />
      ) : null}
      {open?.what === 'group' ? <GroupDialog group={open.group} onClose={close} /> : null}
      {open?.what === 'rename' ? <RenameDialog item={open.item} items={items} onClose={close} /> : null}
    </Page>
  )
}
