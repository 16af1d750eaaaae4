import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useCan } from '@/kernel/auth'
import { vocabularyQuery } from './queries'

/** What a tag is called, by the word that people carry. */
export const useTagName = (): ((tag: string) => string) => {
  const { data } = useQuery({ ...vocabularyQuery(), enabled: useCan('segments:read') })
  const labels = data?.tag_labels
  return useCallback((tag: string) => labels?.[tag] || tag, [labels])
}
