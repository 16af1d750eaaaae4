import { useCallback } from 'react'
import { useFormats } from '@/kernel/format'
import { said, useT } from '@/kernel/i18n'
import type { Action } from './queries'
import { namesOf } from './words'

/** What an action did, as one sentence, and a line about those whom it did not change. */
export const useActionWords = () => {
  const t = useT()
  const format = useFormats()
  const numbers = useCallback((count: number) => ({ count, shown: format.count(count) }), [format])
  const names = useCallback(
    (action: Action) =>
      namesOf(action)
        .map((name) => t('cdp.bulk.quoted', { name }))
        .join(t('cdp.bulk.separator')),
    [t],
  )

  const sentence = useCallback(
    (action: Action): string => {
      const { what, status, people, changed } = action
      const isNull = what === 'set_trait' && action.args.value === null
      const key = isNull ? 'take_trait' : what
      if (status === 'running')
        return t(`cdp.bulk.going.${key}`, { ...numbers(people), names: names(action) })
      if (status === 'done' && changed === 0) return t('cdp.bulk.nothing', { names: names(action) })
      return t(`cdp.bulk.said.${key}`, { ...numbers(changed), names: names(action) })
    },
    [t, numbers, names],
  )

  const note = useCallback(
    (action: Action): string | null => {
      const { status, people, changed, done, taken_back: back, what } = action
      if (status === 'running')
        return t('cdp.bulk.progress', { done: format.count(done), people: format.count(people) })
      if (status === 'undoing')
        return t('cdp.bulk.undoing', { done: format.count(back), people: format.count(changed) })
      if (status === 'failed') return action.error ? said(action.error) : t('kernel.ui.failed')
      if (status === 'undone')
        return back < changed
          ? t('cdp.bulk.undoneSome', { back: format.count(back), rest: format.count(changed - back) })
          : t('cdp.bulk.undone')
      if (changed < people && changed > 0)
        return t(what === 'tag' || what === 'add_to_list' ? 'cdp.bulk.had' : 'cdp.bulk.hadNot', {
          ...numbers(people - changed),
        })
      return null
    },
    [t, format, numbers],
  )
  return { sentence, note }
}
