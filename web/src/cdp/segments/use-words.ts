import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useWorkspace } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { NOTHING_KNOWN, type Vocabulary } from './builder/vocabulary'
import { vocabularyQuery } from './queries'
import type { Names, Words } from './sentence/words'

const namesOf = ({ segments, lists, sources }: Vocabulary): Names => ({
  segment: (id) => segments.find((each) => each.segment_id === id)?.name,
  list: (id) => lists.find((each) => each.list_id === id)?.name,
  source: (slug) => sources.find((each) => each.slug === slug)?.name || undefined,
})

/** What sentences are made with, in the language on screen and with the workspace's own names. */
export const useWords = (): Words => {
  const t = useT()
  const word = useWord()
  const format = useFormats()
  const currency = useWorkspace()?.reporting_currency ?? 'CNY'
  const { data = NOTHING_KNOWN } = useQuery(vocabularyQuery)
  return useMemo(
    () => ({ t, word, format, currency, names: namesOf(data) }),
    [t, word, format, currency, data],
  )
}
