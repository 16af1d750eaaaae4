import { useNavigate } from '@tanstack/react-router'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { useConfirm, useNotice } from '@/kernel/ui'
import {
  cancelBroadcast,
  decideBroadcast,
  deleteBroadcast,
  duplicateBroadcast,
  launchBroadcast,
  pauseBroadcast,
  refreshBroadcasts,
  resumeBroadcast,
  saveBroadcast,
  submitBroadcast,
} from './queries'
import type { Broadcast } from './types'
import { stillWaiting } from './view'
import { useScheduleText } from './words'

const SHOWN_S = 8

/** Do something, ask for everything anew, and say how it went. */
const useDoing = () => {
  const t = useT()
  const notice = useNotice()
  return async <Answer>(deed: () => Promise<Answer>, said: string): Promise<Answer | undefined> => {
    try {
      const answer = await deed()
      await refreshBroadcasts()
      void notice.success(said)
      return answer
    } catch (error) {
      void notice.error(
        error instanceof Error && error.message ? error.message : t('kernel.ui.failed'),
        SHOWN_S,
      )
      return undefined
    }
  }
}

/** What stops a broadcast that was started, or lets it go on. */
const useStops = (broadcast: Broadcast) => {
  const t = useT()
  const format = useFormats()
  const confirm = useConfirm()
  const doing = useDoing()
  const { broadcast_id: id } = broadcast
  const shown = format.count(stillWaiting(broadcast.progress, broadcast.people))
  return {
    pause: () =>
      confirm({
        title: t('operate.broadcasts.ask.pauseTitle'),
        content: t('operate.broadcasts.ask.pauseText', { shown }),
        verb: t('operate.broadcasts.act.pause'),
        act: () => doing(() => pauseBroadcast(id), t('operate.broadcasts.done.paused')),
      }),
    resume: () =>
      confirm({
        title: t('operate.broadcasts.ask.resumeTitle'),
        content: t('operate.broadcasts.ask.resumeText', { shown }),
        verb: t('operate.broadcasts.act.resume'),
        act: () => doing(() => resumeBroadcast(id), t('operate.broadcasts.done.resumed')),
      }),
    cancel: () =>
      confirm({
        title: t('operate.broadcasts.ask.cancelTitle'),
        content: t('operate.broadcasts.ask.cancelText', { shown }),
        verb: t('operate.broadcasts.act.cancel'),
        isDangerous: true,
        act: () => doing(() => cancelBroadcast(id), t('operate.broadcasts.done.canceled')),
      }),
  }
}

/** What starts a broadcast or sends it on to somebody who has to agree; ``ready`` gives the version to start. */
const useStarts = (broadcast: Broadcast) => {
  const t = useT()
  const format = useFormats()
  const confirm = useConfirm()
  const doing = useDoing()
  const say = useScheduleText()
  const { broadcast_id: id } = broadcast
  type Ready = () => Promise<number>
  return {
    submit: (ready: Ready) =>
      confirm({
        title: t('operate.broadcasts.ask.submitTitle'),
        content: t('operate.broadcasts.ask.submitText'),
        verb: t('operate.broadcasts.act.submit'),
        act: () =>
          doing(async () => submitBroadcast(id, await ready(), ''), t('operate.broadcasts.done.submitted')),
      }),
    launch: (ready: Ready, people: number) => {
      const isNow = (broadcast.schedule.kind ?? 'now') === 'now'
      const shown = format.count(people)
      const words = isNow
        ? {
            title: t('operate.broadcasts.ask.launchTitle', { shown }),
            content: t('operate.broadcasts.ask.launchText'),
            verb: t('operate.broadcasts.act.launchNow'),
          }
        : {
            title: t('operate.broadcasts.ask.scheduleTitle', { shown }),
            content: t('operate.broadcasts.ask.scheduleText', { when: say(broadcast.schedule) }),
            verb: t('operate.broadcasts.act.schedule'),
          }
      const said = t(isNow ? 'operate.broadcasts.done.launched' : 'operate.broadcasts.done.scheduled')
      confirm({ ...words, act: () => doing(async () => launchBroadcast(id, await ready()), said) })
    },
  }
}

/** Everything that can be done with a broadcast beside writing it. */
export const useDeeds = (broadcast: Broadcast) => {
  const t = useT()
  const confirm = useConfirm()
  const doing = useDoing()
  const navigate = useNavigate()
  const stops = useStops(broadcast)
  const starts = useStarts(broadcast)
  const { broadcast_id: id, version, name } = broadcast
  return {
    ...stops,
    ...starts,
    /** Saving anything makes it a draft again; its name as it is changes nothing else. */
    reopen: () =>
      confirm({
        title: t('operate.broadcasts.ask.editTitle'),
        content: t('operate.broadcasts.ask.editText'),
        verb: t('operate.broadcasts.act.edit'),
        act: () => doing(() => saveBroadcast(id, { version, name }), t('operate.broadcasts.done.reopened')),
      }),
    duplicate: async () => {
      const copy = await doing(
        () => duplicateBroadcast(id),
        t('operate.broadcasts.done.duplicated', { name }),
      )
      if (copy)
        void navigate({ to: '/broadcasts/$broadcastId', params: { broadcastId: `${copy.broadcast_id}` } })
    },
    remove: () =>
      confirm({
        title: t('operate.broadcasts.ask.deleteTitle'),
        content: t('operate.broadcasts.ask.deleteText'),
        verb: t('operate.broadcasts.act.delete'),
        isDangerous: true,
        act: async () => {
          await navigate({ to: '/broadcasts' })
          await doing(() => deleteBroadcast(id), t('operate.broadcasts.done.deleted'))
        },
      }),
    decide: (variant: string) =>
      confirm({
        title: t('operate.broadcasts.ask.decideTitle', { variant }),
        content: t('operate.broadcasts.ask.decideText'),
        verb: t('operate.broadcasts.ask.decide'),
        act: () =>
          doing(() => decideBroadcast(id, variant), t('operate.broadcasts.done.decided', { variant })),
      }),
  }
}
