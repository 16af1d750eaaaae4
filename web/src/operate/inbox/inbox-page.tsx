import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useCallback, useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Alert, Button, Drawer, EmptyState, Page, useMedia, useNarrow } from '@/kernel/ui'
import { Away } from './away'
import type { Mode } from './composer'
import type { Library } from './composer-tools'
import { useDeeds } from './deeds'
import styles from './inbox.module.css'
import { type Deed, useKeys } from './keys'
import { KeysDialog } from './keys-dialog'
import { ListColumn } from './list-column'
import { useLive } from './live'
import { conversationsQuery, type Thread as ThreadData } from './queries'
import { type InboxSearch, parseInboxSearch } from './search'
import { Tags } from './tags'
import { Thread } from './thread'

const focus = (id: string) => setTimeout(() => document.getElementById(id)?.focus())

interface InboxPageProps {
  /** Who the person is; put together by the app from other slices. */
  portrait: (personId: number) => ReactNode
  /** The library of media, to choose a picture from. */
  library: Library
}

/** One inbox for every channel: the list, the conversation, the person. */
export const InboxPage = ({ portrait, library }: InboxPageProps) => {
  const t = useT()
  const navigate = useNavigate()
  const isNarrow = useNarrow()
  const isWide = useMedia('(min-width: 1200px)')
  const canWrite = useCan('inbox:write')
  const search = parseInboxSearch(useSearch({ strict: false }) as Record<string, unknown>)
  const query = useInfiniteQuery(conversationsQuery(search))
  const isLost = useLive()
  const [mode, setMode] = useState<Mode>('reply')
  const [isSnoozing, setIsSnoozing] = useState(false)
  const [isHelping, setIsHelping] = useState(false)
  const [isAside, setIsAside] = useState(false)
  const [shown, setShown] = useState<ThreadData | null>(null)
  const chosen = search.c
  const deeds = useDeeds(chosen ?? 0)
  const go = (change: InboxSearch) => {
    void navigate({ to: '/inbox', search: { ...search, ...change }, replace: 'c' in change && !isNarrow })
  }
  const choose = (id: number) => {
    setMode('reply')
    go({ c: id })
  }
  const noteShown = useCallback((thread: ThreadData) => setShown(thread), [])
  const current = shown && shown.conversation.conversation_id === chosen ? shown.conversation : null
  const step = (by: number) => {
    const ids = query.data?.pages.flatMap(({ items }) => items.map(({ conversation_id: id }) => id)) ?? []
    const next = ids[Math.min(Math.max(ids.indexOf(chosen ?? -1) + by, 0), ids.length - 1)]
    if (next !== undefined) choose(next)
  }
  const write = (next: Mode) => {
    setMode(next)
    focus('inbox-composer')
  }
  const act: Record<Deed, () => void> = {
    next: () => step(1),
    previous: () => step(-1),
    reply: () => write('reply'),
    note: () => write('note'),
    mine: () => current && canWrite && deeds.takeIt(),
    close: () => current && canWrite && (current.state === 'open' ? deeds.close() : deeds.reopen()),
    snooze: () => current && canWrite && setIsSnoozing(true),
    search: () => focus('inbox-search'),
    help: () => setIsHelping(true),
  }
  useKeys((deed) => act[deed]())
  const aside = current ? (
    <>
      <Tags conversation={current} deeds={deeds} />
      {portrait(current.person_id)}
    </>
  ) : null
  return (
    <Page title={t('operate.inbox.title')} isFilling>
      {isLost ? <Alert type="warning" showIcon title={t('operate.inbox.live.lost')} /> : null}
      <div className={`${styles.inbox} ${isWide ? styles.wide : ''}`}>
        {isNarrow && chosen ? null : (
          <div className={styles.listBox}>
            <ListColumn search={search} query={query} onChange={go} onChoose={choose} />
            <div className={styles.foot}>
              {canWrite ? <Away /> : null}
              <span className={styles.space} />
              <Link to="/inbox/report">{t('operate.inbox.report.link')}</Link>
              <Link to="/settings/inbox">{t('operate.inbox.setup.link')}</Link>
              {isNarrow ? null : (
                <Button
                  size="small"
                  type="text"
                  style={{ paddingInline: 0 }}
                  onClick={() => setIsHelping(true)}
                  title={t('operate.inbox.keys.title')}
                >
                  <kbd>?</kbd>
                </Button>
              )}
            </div>
          </div>
        )}
        {chosen ? (
          <Thread
            key={chosen}
            id={chosen}
            deeds={deeds}
            mode={mode}
            onMode={setMode}
            library={library}
            isSnoozing={isSnoozing}
            onSnoozing={setIsSnoozing}
            onBack={isNarrow ? () => go({ c: undefined }) : undefined}
            onPortrait={isWide ? undefined : () => setIsAside(true)}
            onShown={noteShown}
          />
        ) : isNarrow ? null : (
          <div className={styles.thread}>
            <EmptyState title={t('operate.inbox.thread.choose')}>
              {t('operate.inbox.thread.chooseHint')}
            </EmptyState>
          </div>
        )}
        {isWide && chosen ? (
          <aside className={styles.side} aria-label={t('operate.inbox.side.label')}>
            {aside}
          </aside>
        ) : null}
      </div>
      <Drawer
        open={isAside && !isWide}
        onClose={() => setIsAside(false)}
        title={t('operate.inbox.side.label')}
        size={360}
      >
        {aside}
      </Drawer>
      <KeysDialog isOpen={isHelping} onClose={() => setIsHelping(false)} />
    </Page>
  )
}
