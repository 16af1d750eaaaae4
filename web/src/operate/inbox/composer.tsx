import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Button, Input, Segmented, Select, useNotice } from '@/kernel/ui'
import { SendIcon } from '@/kernel/ui/icons'
import { CannedList, useCanned } from './canned'
import { CannedDialog } from './canned-dialog'
import styles from './inbox.module.css'
import { addNote, agentsQuery, type Canned, type Right, threadQuery, wordCanned } from './queries'
import { WindowNote } from './window-note'

export type Mode = 'reply' | 'note'

interface ComposerProps {
  id: number
  mode: Mode
  onMode: (mode: Mode) => void
  rights: Right[] | null | undefined
  onSend: (text: string) => void
  onTyping: () => void
}

/** What was written in each conversation and not sent yet. */
const unsent = new Map<number, string>()

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
export const Composer = ({ id, mode, onMode, rights, onSend, onTyping }: ComposerProps) => {
  const t = useT()
  const listId = useId()
  const field = useRef<HTMLTextAreaElement | null>(null)
  const [text, setText] = useState(() => unsent.get(id) ?? '')
  const [told, setTold] = useState<number[]>([])
  const [chosen, setChosen] = useState(0)
  const [isKeeping, setIsKeeping] = useState(false)
  const { data: agents } = useQuery({ ...agentsQuery, enabled: mode === 'note' })
  const write = (next: string) => {
    setText(next)
    unsent.set(id, next)
    setChosen(0)
  }
  const note = useNote(id, () => {
    write('')
    setTold([])
  })
  const typed = mode === 'reply' && /^\/[^\s/]*$/.test(text) ? text.slice(1) : null
  const canned = useCanned(typed)
  const put = async ({ canned_id }: Canned) => {
    write(await wordCanned(canned_id, id))
    field.current?.focus()
  }
  const send = () => {
    const said = text.trim()
    if (!said) return
    if (mode === 'note') note.mutate({ text: said, told })
    else {
      onSend(said)
      write('')
    }
  }
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
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
          <WindowNote rights={rights} />
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
      <div className={styles.composerEnd}>
        <Button size="small" type="text" disabled={!text.trim()} onClick={() => setIsKeeping(true)}>
          {t('operate.inbox.composer.newCanned')}
        </Button>
        <Button
          type="primary"
          icon={<SendIcon aria-hidden="true" />}
          loading={note.isPending}
          disabled={!text.trim()}
          onClick={send}
        >
          {t(mode === 'note' ? 'operate.inbox.composer.save' : 'operate.inbox.composer.send')}
        </Button>
      </div>
      {isKeeping ? <CannedDialog text={text} onClose={() => setIsKeeping(false)} /> : null}
    </div>
  )
}
