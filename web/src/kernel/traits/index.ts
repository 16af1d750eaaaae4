import { useCallback } from 'react'
import { useWorkspace } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { CURRENCY, HOUR, type Shape, writeValue } from './value'

export { CURRENCY, HOUR, type Shape } from './value'

/** What a trait is called: as its definition says, else by a common name, else by its key. */
export const useTraitName = () => {
  const word = useWord()
  return useCallback(
    ({ name, label }: { name: string; label?: string }): string => label || word('kernel.trait', name),
    [word],
  )
}

const useCurrency = () => useWorkspace()?.reporting_currency ?? 'CNY'

/** A unit as it is told beside a kind of value. */
export const useUnitText = () => {
  const t = useT()
  const currency = useCurrency()
  return useCallback(
    (unit: string): string => {
      if (unit === CURRENCY) return currency
      return unit === HOUR ? t('kernel.traitValue.hour') : unit
    },
    [t, currency],
  )
}

/** Writes values of traits for the reader on screen. */
export const useValueText = () => {
  const t = useT()
  const format = useFormats()
  const currency = useCurrency()
  return useCallback(
    (value: unknown, shape: Shape): string => writeValue({ t, format, currency }, value, shape),
    [t, format, currency],
  )
}
