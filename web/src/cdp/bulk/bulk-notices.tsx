import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { queryClient } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { Button, Toast, ToastStack, useNotice } from '@/kernel/ui'
import styles from './bulk.module.css'
import { type Action, actionQuery, isGoing, refreshPeople, undo } from './queries'
import { useActionWords } from './use-words'
import { unwatch, useWatched } from './watching'
import { shareOf } from './words'

/** Long enough to look at what one has done; the history remembers it for a month. */
const DONE_MS = 90_000
const UNDONE_MS = 8_000

/** Close a notice after a while in which nobody points at it. */
const useLeaving = (action: Action, isHeld: boolean) => {
  const { action_id: id, status } = action
  useEffect(() => {
    if (isHeld || isGoing({ status }) || status === 'failed') return
    const timer = setTimeout(() => unwatch(id), status === 'undone' ? UNDONE_MS : DONE_MS)
    return () => clearTimeout(timer)
  }, [id, status, isHeld])
}

/** Take an action back; what it did is asked for again once that is over. */
export const useUndoing = () => {
  const t = useT()
  const notice = useNotice()
  return useMutation({
    mutationFn: undo,
    onSuccess: async (action) => {
      queryClient.setQueryData(actionQuery(action).queryKey, action)
      await refreshPeople()
    },
    onError: (error) => void notice.error(error.message || t('kernel.ui.failed')),
  })
}

const Notice = ({ watched }: { watched: Action }) => {
  const t = useT()
  const { data: action } = useQuery(actionQuery(watched))
  const { sentence, note } = useActionWords()
  const undoing = useUndoing()
  const [isHeld, setIsHeld] = useState(false)
  const isOver = !isGoing(action)
  const wasOver = useRef(isOver)
  useLeaving(action, isHeld)
  useEffect(() => {
    if (isOver && !wasOver.current) void refreshPeople()
    wasOver.current = isOver
  }, [isOver])
  const hold = (isOn: boolean) => () => setIsHeld(isOn)
  const isIdle = action.status === 'done' && action.changed === 0
  const canUndo = action.is_undoable && action.status !== 'undoing' && !isIdle
  const actions = (
    <>
      {canUndo ? (
        <Button type="text" loading={undoing.isPending} onClick={() => undoing.mutate(action.action_id)}>
          {t(action.status === 'running' ? 'cdp.bulk.stop' : 'kernel.ui.undo')}
        </Button>
      ) : null}
      <Link to="/people/actions" className={styles.link}>
        {t('cdp.bulk.history')}
      </Link>
    </>
  )
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing at a notice only keeps it from leaving.
    <div onMouseEnter={hold(true)} onMouseLeave={hold(false)} onFocus={hold(true)} onBlur={hold(false)}>
      <Toast
        note={note(action)}
        progress={isOver ? undefined : shareOf(action)}
        isError={action.status === 'failed'}
        actions={actions}
        onClose={() => unwatch(action.action_id)}
      >
        {sentence(action)}
      </Toast>
    </div>
  )
}

/** What was just done to many people, with a way back; it stays while one goes through the app. */
export const BulkNotices = () => {
  const t = useT()
  const watched = useWatched()
  return (
    <ToastStack label={t('cdp.bulk.notices')}>
      {watched.map((action) => (
        <Notice key={action.action_id} watched={action} />
      ))}
    </ToastStack>
  )
}
