import { useCallback } from 'react'
import { useT } from '@/kernel/i18n'
import type { Caution } from './view'

/** What is odd about a rule, in the reader's language. */
export const useCautionWords = () => {
  const t = useT()
  return useCallback(({ code }: Caution): string => t(`cdp.segments.caution.${code}`), [t])
}
