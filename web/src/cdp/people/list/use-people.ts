import { hashKey, useQueries, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { PersonRow } from '@/kernel/api'
import type { Rows } from '@/kernel/ui'
import { peopleKey, peoplePageQuery } from '../queries'
import type { PeopleSearch } from '../search'
import { type Extent, grown, lengthOf, NOTHING, type Page, pagesAround } from './extent'

export const PAGE = 200
/** While the scroll bar is dragged, pages are asked for at most so often. */
const PAUSE_MS = 100

/** The pages to be fetched now: at once when one stops, now and then while one drags. */
const useWanted = (length: number) => {
  const [wanted, setWanted] = useState<number[]>([0])
  const latest = useRef({ start: 0, end: 0, length, at: 0, timer: 0 })
  latest.current.length = length
  const settle = useCallback(() => {
    const now = latest.current
    now.at = performance.now()
    now.timer = 0
    const next = pagesAround(now.start, now.end, PAGE, now.length)
    setWanted((old) => (old.join() === next.join() ? old : next))
  }, [])
  const onWindow = useCallback(
    (start: number, end: number) => {
      const now = latest.current
      Object.assign(now, { start, end })
      if (now.timer) return
      const rest = now.at + PAUSE_MS - performance.now()
      if (rest <= 0) settle()
      else now.timer = window.setTimeout(settle, rest)
    },
    [settle],
  )
  return [wanted, onWindow] as const
}

type PeoplePage = Page & { items: PersonRow[] }

/** The people that match, of whom only those near the view are fetched. */
export const usePeople = (search: PeopleSearch) => {
  const client = useQueryClient()
  const [extent, setExtent] = useState<Extent>(NOTHING)
  const length = lengthOf(extent)
  const [wanted, onWindow] = useWanted(length)
  const queries = useQueries({ queries: wanted.map((page) => peoplePageQuery(search, page * PAGE, PAGE)) })

  const told = queries.reduce<Extent>(
    (known, { data }, place) => (data ? grown(known, data, (wanted[place] ?? 0) * PAGE, PAGE) : known),
    extent,
  )
  // Kept during the render: the rows of this very page are among those drawn.
  if (JSON.stringify(told) !== JSON.stringify(extent)) setExtent(told)

  const stamp = queries.map(({ dataUpdatedAt }) => dataUpdatedAt).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are read from the cache, and the stamp says when it has new ones.
  const rows = useMemo((): Rows<PersonRow> => {
    const hashes = new Map<number, string>()
    const hashOf = (page: number) => {
      const known = hashes.get(page)
      if (known !== undefined) return known
      const made = hashKey(peopleKey(search, page * PAGE))
      hashes.set(page, made)
      return made
    }
    const cache = client.getQueryCache()
    const pageAt = (index: number) =>
      cache.get<PeoplePage>(hashOf(Math.floor(index / PAGE)))?.state.data as PeoplePage | undefined
    return { length, at: (index) => pageAt(index)?.items[index % PAGE] }
  }, [client, search, length, stamp])

  const idsBetween = useCallback(
    async (start: number, end: number): Promise<number[]> => {
      const first = Math.floor(start / PAGE)
      const pages = Array.from({ length: Math.floor(end / PAGE) - first + 1 }, (_, place) => first + place)
      const found = await Promise.all(
        pages.map((page) => client.fetchQuery(peoplePageQuery(search, page * PAGE, PAGE))),
      )
      const begin = start - first * PAGE
      return found.flatMap(({ items }) => items.map(({ id }) => id)).slice(begin, begin + end - start + 1)
    },
    [client, search],
  )

  const failed = queries.filter(({ error, data }) => error && !data)
  return {
    rows,
    total: length,
    isAbout: extent.isEstimate && extent.end === null,
    isPending: extent === NOTHING && failed.length === 0,
    error: failed[0]?.error ?? null,
    retry: () => {
      for (const query of failed) void query.refetch()
    },
    onWindow,
    idsBetween,
  }
}
