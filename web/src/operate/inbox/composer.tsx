import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Button, Input, Segmented, Select, useNotice } from '@/kernel/ui'
import { SendIcon } from '@/kernel/ui/icons'
import { CannedList, useCanned } from './canned'
import { CannedDialog } from './canned-dialog'
import { ComposerTools, type Library } from './composer-tools'
import { ExtraList } from './extra-list'
import type { Answer, Extra } from './extras'
import styles from './inbox.module.css'
import { useMeanwhile } from './meanwhile'
import { addNote, agentsQuery, type Canned, type Thread, threadQuery, wordCanned } from './queries'
import { WindowNote } from './window-note'

export type Mode = 'reply' | 'note'

interface ComposerProps {
  thread: Thread
  mode: Mode
  onMode: (mode: Mode) => void
  library: Library
  onSend: (answer: Answer) => void
  onTyping: () => void
}

/** What was written in each conversation and not sent yet. */
const unsent = new Map<number, string>()
const unsentExtras = new Map<number, Extra[]>()

const useNote = (id: number, done: () => void) => {
  const client = useQueryClient()
  const notice = useNotice()
  return useMutation({
    mutationFn: ({ text, told }: { text: string; told: number[] }) => addNote(id, text, told),
    onSuccess: () => {
      done()
      return client.invalidateQueries({ queryKey: threadQuery(id).queryKey })
    },
    onError: (error) => notice.error(error.message),
  })
}

/** Where answers and notes are written. Enter sends, a slash opens saved replies. */
export const Composer = ({ thread, mode, onMode, library, onSend, onTyping }: ComposerProps) => {
  const t = useT()
  const id = thread.conversation.conversation_id
  const { capabilities = [], text_limit: limit, rights } = thread
  const isComment = thread.messages.findLast(({ kind }) => kind === 'in')?.detail.what === 'comment'
  const listId = useId()
  const field = useRef<HTMLTextAreaElement | null>(null)
  const [text, setText] = useState(() => unsent.get(id) ?? '')
  const [told, setTold] = useState<number[]>([])
  const [chosen, setChosen] = useState(0)
  const [isKeeping, setIsKeeping] = useState(false)
  const [extras, setExtras] = useState(() => unsentExtras.get(id) ?? [])
  const [subject, setSubject] = useState<string | null>(null)
  const meanwhile = useMeanwhile(thread, text !== '')
  const { data: agents } = useQuery({ ...agentsQuery, enabled: mode === 'note' })
  const write = (next: string) => {
    setText(next)
    unsent.set(id, next)
    setChosen(0)
  }
  const putExtras = (next: Extra[]) => {
    setExtras(next)
    unsentExtras.set(id, next)
  }
  const addExtra = (extra: Extra) =>
    putExtras([...(unsentExtras.get(id) ?? []).filter(({ key }) => key !== extra.key), extra])
  const addText = (more: string) => {
    const before = (unsent.get(id) ?? '').trimEnd()
    write(before ? `${before}\n${more}` : more)
    field.current?.focus()
  }
  const note = useNote(id, () => {
    write('')
    setTold([])
  })
  const isEmpty = !text.trim() && (mode === 'note' || extras.length === 0)
  const isTooLong = mode === 'reply' && !!limit && text.trim().length > limit
  const [refused, setRefused] = useState('')
  const typed = mode === 'reply' && text !== refused && /^\/[^\s/]*$/.test(text) ? text.slice(1) : null
  const canned = useCanned(typed)
  const put = async ({ canned_id }: Canned) => {
    write(await wordCanned(canned_id, id))
    field.current?.focus()
  }
  const send = () => {
    const said = text.trim()
    if (mode === 'note') {
      if (said) note.mutate({ text: said, told })
      return
    }
    if (isEmpty || isTooLong) return
    onSend({ text: said, extras, subject: subject ?? undefined })
    write('')
    putExtras([])
    setSubject(null)
  }
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (typed !== null && event.key === 'Escape') {
      // The list goes, what was written stays; another letter brings it back.
      event.stopPropagation()
      setRefused(text)
      return
    }
    if (typed !== null && canned.length > 0) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault()
        const step = event.key === 'ArrowDown' ? 1 : canned.length - 1
        setChosen((place) => (place + step) % canned.length)
        return
      }
      const picked = canned[chosen]
      if ((event.key === 'Enter' || event.key === 'Tab') && picked) {
        event.preventDefault()
        void put(picked)
        return
      }
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      send()
    }
  }
  return (
    <div className={`${styles.composer} ${mode === 'note' ? styles.noting : ''}`}>
      {typed === null ? null : (
        <CannedList id={listId} items={canned} chosen={chosen} onChoose={(each) => void put(each)} />
      )}
      <div className={styles.composerTop}>
        <Segmented
          size="small"
          value={mode}
          onChange={onMode}
          options={[
            { value: 'reply' as const, label: t('operate.inbox.composer.reply') },
            { value: 'note' as const, label: t('operate.inbox.composer.note') },
          ]}
        />
        {mode === 'reply' ? (
          <WindowNote rights={rights} isComment={isComment} />
        ) : (
          <Select
            className={styles.tell}
            size="small"
            mode="multiple"
            maxTagCount="responsive"
            optionFilterProp="label"
            placeholder={t('operate.inbox.composer.tell')}
            aria-label={t('operate.inbox.composer.tell')}
            value={told}
            onChange={setTold}
            options={agents?.items.map(({ user_id, name }) => ({ value: user_id, label: name }))}
          />
        )}
      </div>
      {meanwhile ? (
        <p className={styles.warning} role="status">
          {t('operate.inbox.composer.meanwhile', { name: meanwhile })}
        </p>
      ) : null}
      {mode === 'reply' && capabilities.includes('email') ? (
        <Input
          size="small"
          maxLength={200}
          aria-label={t('operate.inbox.composer.subject')}
          placeholder={t('operate.inbox.composer.subject')}
          value={subject ?? thread.subject ?? ''}
          onChange={({ target }) => setSubject(target.value)}
        />
      ) : null}
      <Input.TextArea
        id="inbox-composer"
        ref={(made) => {
          field.current = made?.resizableTextArea?.textArea ?? null
        }}
        value={text}
        autoSize={{ minRows: 2, maxRows: 8 }}
        aria-label={t(`operate.inbox.composer.${mode}`)}
        aria-controls={typed === null ? undefined : listId}
        aria-activedescendant={typed === null || canned.length === 0 ? undefined : `${listId}-${chosen}`}
        placeholder={t(`operate.inbox.composer.${mode}Placeholder`)}
        onChange={({ target }) => {
          write(target.value)
          if (mode === 'reply' && target.value) onTyping()
        }}
        onKeyDown={press}
      />
      {mode === 'reply' ? (
        <ExtraList
          extras={extras}
          capabilities={capabilities}
          onRemove={(gone) => putExtras(extras.filter(({ key }) => key !== gone))}
        />
      ) : null}
      {isTooLong ? (
        <p className={styles.shut}>
          {t('operate.inbox.composer.tooLong', { count: text.trim().length, limit: limit ?? 0 })}
        </p>
      ) : null}
      <div className={styles.composerEnd}>
        <span className={styles.composerTools}>
          {mode === 'reply' ? (
            <ComposerTools
              thread={thread}
              text={text}
              library={library}
              onExtra={addExtra}
              onText={addText}
              onTemplate={(templateVersionId, name) =>
                onSend({
                  text: '',
                  extras: [{ key: 'template', label: name, kind: 'file', part: {} }],
                  templateVersionId,
                })
              }
              onKeep={() => setIsKeeping(true)}
            />
          ) : null}
        </span>
        <Button
          type="primary"
          icon={<SendIcon aria-hidden="true" />}
          loading={note.isPending}
          disabled={isEmpty || isTooLong}
          onClick={send}
        >
          {t(mode === 'note' ? 'operate.inbox.composer.save' : 'operate.inbox.composer.send')}
        </Button>
      </div>
      {isKeeping ? <CannedDialog text={text} onClose={() => setIsKeeping(false)} /> : null}
    </div>
  )
}
