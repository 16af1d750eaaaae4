import { useCallback } from 'react'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { type Shape, writeValue } from './value'

export type { Shape } from './value'

/** What a trait is called: as its definition says, else by a common name, else by its key. */
export const useTraitName = () => {
  const word = useWord()
  return useCallback(
    ({ name, label }: { name: string; label?: string }): string => label || word('kernel.trait', name),
    [word],
  )
}

/** Writes values of traits for the reader on screen. */
export const useValueText = () => {
  const t = useT()
  const format = useFormats()
  return useCallback(
    (value: unknown, shape: Shape): string => writeValue({ t, format }, value, shape),
    [t, format],
  )
}
