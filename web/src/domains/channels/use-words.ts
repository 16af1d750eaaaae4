import { useCallback } from 'react'
import { said, useT, useWord } from '@/kernel/i18n'
import type { Account, Field } from './queries'

/** The name of a kind of channel; one that somebody else made is called as it calls itself. */
export const useKindText = () => {
  const word = useWord()
  return useCallback((kind: string) => word('channels.kind', kind), [word])
}

/** The label of a field: its kind's own, else that of all fields of the name. */
export const useFieldText = (kind: string) => {
  const word = useWord()
  return useCallback(
    ({ name }: Field) => {
      const own = word(`channels.fields.${kind}`, name)
      return own === name ? word('channels.field', name) : own
    },
    [word, kind],
  )
}

const CODES = [
  'connected',
  'ready',
  'bot_ready',
  'corp_ready',
  'mail_ready',
  'chat_ready',
  'push_ready',
  'program_ready',
  'program_answered',
  'untried',
  'needs_https',
  'needs_aes_key',
  'credentials_refused',
  'throttled',
  'unreachable',
  'refused',
  'bad_settings',
  'broken',
] as const
const isCode = (code: string): code is (typeof CODES)[number] => (CODES as readonly string[]).includes(code)

export interface Outcome {
  code: string
  facts: Record<string, string>
  message: string
}

/** What a connection test came to; of a channel that somebody else made in its own words. */
export const useOutcomeText = () => {
  const t = useT()
  return useCallback(
    ({ code, facts, message }: Outcome) => {
      if (!isCode(code)) return said(message)
      const { name = '', bot = '', staff_count: staff = '', status = '', reason = '' } = facts
      const text = t(`channels.outcome.${code}`, {
        name,
        bot,
        staff_count: staff,
        status,
        reason: said(reason),
      })
      return facts.code ? `${text} (${facts.code})` : text
    },
    [t],
  )
}

/** How an account is. */
export const useHealthText = () => {
  const t = useT()
  return useCallback(({ health }: Account) => t(`channels.health.${health}`), [t])
}
