import { useCallback } from 'react'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import type { Message, Webhook } from './queries'
import { outcomeOf } from './words'

/** What came of an attempt, in words. */
export const useOutcomeText = () => {
  const t = useT()
  return useCallback(
    (message: Pick<Message, 'status' | 'error'>): string | null => {
      const outcome = outcomeOf(message)
      if (outcome === null || typeof outcome === 'string') return outcome
      return t(`infra.webhooks.outcome.${outcome.key}`, { status: String(outcome.status ?? '') })
    },
    [t],
  )
}

/** What a webhook is told of, in words. */
export const useToldText = () => {
  const t = useT()
  const format = useFormats()
  return useCallback(
    ({ topics, segment_ids: ids }: Webhook): string => {
      const isBoth = topics.length > 1
      const named = t(topics[0] === 'segment.exited' ? 'infra.webhooks.exits' : 'infra.webhooks.entries')
      const segments =
        ids.length === 0
          ? t('infra.webhooks.allSegments')
          : t('infra.webhooks.someSegments', { count: ids.length, shown: format.count(ids.length) })
      return t('infra.webhooks.told', { topics: isBoth ? t('infra.webhooks.both') : named, segments })
    },
    [t, format],
  )
}

/** Why a webhook was switched off by itself, in words. */
export const useReasonText = () => {
  const t = useT()
  return useCallback(
    (error: string): string => (error.includes('410') ? t('infra.webhooks.off.gone') : error),
    [t],
  )
}
