import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { sourcesQuery } from './queries'

/** What a source is called, by the slug that events carry. */
export const useSourceName = (): ((slug: string) => string) => {
  const { data } = useQuery(sourcesQuery())
  const names = useMemo(() => new Map(data?.items.map(({ slug, name }) => [slug, name])), [data])
  return useCallback((slug: string) => names.get(slug) || slug, [names])
}
