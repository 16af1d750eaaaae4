import { useQuery } from '@tanstack/react-query'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useCan, useMe } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, Loaded } from '@/kernel/ui'
import { Composer, type Mode } from './composer'
import type { Library } from './composer-tools'
import type { Deeds } from './deeds'
import { Head } from './head'
import styles from './inbox.module.css'
import { DraftLine, Message } from './message'
import { agentsQuery, type Conversation, loadOlder, type Thread as ThreadData, threadQuery } from './queries'
import { useSending } from './sending'
import { useWatching } from './watching'

/** Warns when a colleague is here too, and shows that the person types. */
const Others = ({ conversation }: { conversation: Conversation }) => {
  const t = useT()
  const me = useMe()?.user.id
  const others = conversation.watchers.filter(({ user_id }) => user_id !== 0 && user_id !== me)
  const typing = others.filter(({ is_typing }) => is_typing)
  const person = conversation.watchers.some(({ user_id, is_typing }) => user_id === 0 && is_typing)
  const named = (found: typeof others) => found.map(({ name }) => name).join(', ')
  return (
    <div className={styles.others} aria-live="polite">
      {typing.length > 0 ? (
        <p className={styles.warning}>{t('operate.inbox.thread.others.typing', { names: named(typing) })}</p>
      ) : others.length > 0 ? (
        <p>{t('operate.inbox.thread.others.looking', { names: named(others) })}</p>
      ) : null}
      {person ? <p>{t('operate.inbox.thread.personTyping', { name: conversation.name })}</p> : null}
    </div>
  )
}

const Messages = ({
  id,
  thread,
  sending,
}: {
  id: number
  thread: ThreadData
  sending: ReturnType<typeof useSending>
}) => {
  const t = useT()
  const box = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const { data: agents } = useQuery(agentsQuery)
  const [isLoading, setIsLoading] = useState(false)
  const names = new Map(agents?.items.map(({ user_id, name }) => [user_id, name]))
  const last = thread.messages.at(-1)?.message_id
  const count = sending.drafts.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when something is said, and only then
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }, [last, count, id])
  const older = async () => {
    const before = box.current?.scrollHeight ?? 0
    setIsLoading(true)
    await loadOlder(id).finally(() => setIsLoading(false))
    requestAnimationFrame(() => {
      if (box.current) box.current.scrollTop += box.current.scrollHeight - before
    })
  }
  return (
    <div
      ref={box}
      className={styles.messages}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < 40
      }}
      // Pictures come after the words, and push what was said last out of sight.
      onLoadCapture={({ currentTarget }) => {
        if (isAtEnd.current) currentTarget.scrollTop = currentTarget.scrollHeight
      }}
      role="log"
      aria-label={t('operate.inbox.thread.messages')}
    >
      {thread.has_more ? (
        <Button size="small" loading={isLoading} onClick={() => void older()}>
          {t('operate.inbox.thread.older')}
        </Button>
      ) : null}
      <ol>
        {thread.messages.map((message) => (
          <Message key={message.message_id} message={message} conversation={id} names={names} />
        ))}
        {sending.drafts.map((draft) => (
          <DraftLine
            key={draft.key}
            draft={draft}
            onAgain={() => sending.again(draft)}
            onDrop={() => sending.drop(draft)}
          />
        ))}
      </ol>
    </div>
  )
}

interface ThreadProps {
  id: number
  deeds: Deeds
  mode: Mode
  onMode: (mode: Mode) => void
  library: Library
  isSnoozing: boolean
  onSnoozing: (isOpen: boolean) => void
  onBack?: () => void
  onPortrait?: () => void
  onShown: (thread: ThreadData) => void
}

/** The middle column: one conversation. */
export const Thread = ({ id, deeds, mode, onMode, library, onShown, ...head }: ThreadProps) => {
  const t = useT()
  const canWrite = useCan('inbox:write')
  const query = useQuery(threadQuery(id))
  const sending = useSending(id)
  const lastId = query.data?.messages.at(-1)?.message_id ?? 0
  const noteTyping = useWatching(id, lastId, canWrite)
  const { data } = query
  useEffect(() => {
    if (data) onShown(data)
  }, [data, onShown])
  return (
    <section
      className={styles.thread}
      aria-label={data?.conversation.name || t('operate.inbox.thread.messages')}
    >
      <Loaded query={query}>
        {(thread) => (
          <>
            <Head
              conversation={thread.conversation}
              rating={thread.rating ?? null}
              deeds={deeds}
              canWrite={canWrite}
              {...head}
            />
            <Messages id={id} thread={thread} sending={sending} />
            <Others conversation={thread.conversation} />
            {canWrite ? (
              <Composer
                key={id}
                thread={thread}
                mode={mode}
                onMode={onMode}
                library={library}
                onSend={sending.send}
                onTyping={noteTyping}
              />
            ) : (
              <p className={styles.none}>{t('operate.inbox.composer.readOnly')}</p>
            )}
          </>
        )}
      </Loaded>
    </section>
  )
}
