import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, Dropdown, useNarrow, useNotice } from '@/kernel/ui'
import { CloseIcon, ExportIcon, ListsIcon, MoreIcon, TagIcon, TagsIcon, TraitIcon } from '@/kernel/ui/icons'
import styles from './bulk.module.css'
import { ListDialog } from './list-dialog'
import { type Action, type Choose, type Doing, exportPeople, refreshPeople, start } from './queries'
import { TagDialog } from './tag-dialog'
import { TraitDialog } from './trait-dialog'
import { watch } from './watching'

type Asked = 'tag' | 'untag' | 'list' | 'unlist' | 'trait'

interface BulkBarProps {
  choose: Choose
  count: number
  isAbout: boolean
  isAll: boolean
  clear: () => void
  /** The list on whose page the bar stands: people can be taken off it at once. */
  listId?: number
}

interface Deed {
  key: string
  label: string
  icon: ReactNode
  act: () => void
  isShown: boolean
  isPending?: boolean
}

/** What can be done with the people ticked; it can all be taken back. */
export const BulkBar = ({ choose, count, isAbout, isAll, clear, listId }: BulkBarProps) => {
  const t = useT()
  const format = useFormats()
  const notice = useNotice()
  const isNarrow = useNarrow()
  const canWrite = useCan('people:write')
  const [asked, setAsked] = useState<Asked | null>(null)
  const whom = t(isAbout ? 'cdp.bulk.about' : 'cdp.bulk.people', { count, shown: format.count(count) })

  const send = (doing: Doing) => start(choose, doing)
  const sent = async (action: Action) => {
    setAsked(null)
    watch(action)
    // Who was taken off a list is no longer there to be ticked.
    if (action.what === 'remove_from_list') clear()
    await refreshPeople()
  }
  const fail = (error: Error) => void notice.error(error.message || t('kernel.ui.failed'))
  const removing = useMutation({
    mutationFn: () => send({ what: 'remove_from_list', list_id: listId ?? 0 }),
    onSuccess: sent,
    onError: fail,
  })
  const saving = useMutation({
    mutationFn: () => exportPeople(choose, t('cdp.bulk.fileName')),
    onError: fail,
  })
  const ask = (what: Asked) => () => setAsked(what)
  const deeds: Deed[] = [
    {
      key: 'tag',
      label: t('cdp.bulk.do.tag'),
      icon: <TagIcon aria-hidden="true" />,
      act: ask('tag'),
      isShown: canWrite,
    },
    {
      key: 'list',
      label: t('cdp.bulk.do.list'),
      icon: <ListsIcon aria-hidden="true" />,
      act: ask('list'),
      isShown: canWrite,
    },
    {
      key: 'untag',
      label: t('cdp.bulk.do.untag'),
      icon: <TagsIcon aria-hidden="true" />,
      act: ask('untag'),
      isShown: canWrite,
    },
    {
      key: 'unlist',
      label: t(listId ? 'cdp.bulk.do.unlistHere' : 'cdp.bulk.do.unlist'),
      icon: <CloseIcon aria-hidden="true" />,
      act: listId ? () => removing.mutate() : ask('unlist'),
      isShown: canWrite,
      isPending: removing.isPending,
    },
    {
      key: 'trait',
      label: t('cdp.bulk.do.trait'),
      icon: <TraitIcon aria-hidden="true" />,
      act: ask('trait'),
      isShown: canWrite,
    },
    {
      key: 'export',
      label: t('cdp.bulk.do.export'),
      icon: <ExportIcon aria-hidden="true" />,
      act: () => saving.mutate(),
      isShown: true,
      isPending: saving.isPending,
    },
  ]
  const offered = deeds.filter(({ isShown }) => isShown)
  const left = 'except' in choose ? choose.except.length : 0
  const [near, far] = isNarrow ? [offered.slice(0, 2), offered.slice(2)] : [offered, []]
  const dialog = { whom, send, onSent: sent, onClose: () => setAsked(null) }
  return (
    <div role="toolbar" aria-label={t('cdp.bulk.label')} className={styles.bar}>
      <span className={styles.count} role="status">
        {t('cdp.bulk.chosen', { whom })}
      </span>
      {isAll && !isNarrow ? (
        <span className={styles.hint}>
          {left > 0 ? t('cdp.bulk.allBut', { count: left, shown: format.count(left) }) : t('cdp.bulk.all')}
        </span>
      ) : null}
      <Button type="link" size="small" onClick={clear}>
        {t('cdp.bulk.clear')}
      </Button>
      <span className={styles.space} />
      {near.map(({ key, label, icon, act, isPending }) => (
        <Button key={key} icon={icon} loading={isPending} onClick={act}>
          {label}
        </Button>
      ))}
      {far.length > 0 ? (
        <Dropdown
          trigger={['click']}
          placement="topRight"
          menu={{ items: far.map(({ key, label, icon, act }) => ({ key, label, icon, onClick: act })) }}
        >
          <Button
            icon={<MoreIcon aria-hidden="true" />}
            aria-haspopup="menu"
            aria-label={t('cdp.bulk.more')}
          />
        </Dropdown>
      ) : null}
      {asked === 'tag' || asked === 'untag' ? <TagDialog {...dialog} isOff={asked === 'untag'} /> : null}
      {asked === 'list' || asked === 'unlist' ? <ListDialog {...dialog} isOff={asked === 'unlist'} /> : null}
      {asked === 'trait' ? <TraitDialog {...dialog} /> : null}
    </div>
  )
}
