import { useCallback } from 'react'
import { useT, useWord } from '@/kernel/i18n'
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

/** How an account is. */
export const useHealthText = () => {
  const t = useT()
  return useCallback(({ health }: Account) => t(`channels.health.${health}`), [t])
}
