import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, queryClient, type Schemas, unwrap } from '@/kernel/api'
import { compositionRule, countsOf, type Part } from './page/composition'
import type { Rule } from './rule/types'
import type { Segment, SegmentDetail, SegmentItem, Template } from './view'

const BUILDING_MS = 1_500
const LIVE_MS = 15_000

/** How long to wait before asking again: not long while somebody waits for the first members. */
const pace = (isBuilding: boolean) => (isBuilding ? BUILDING_MS : LIVE_MS)

/** Every segment, newest first. */
export const segmentsQuery = queryOptions({
  queryKey: ['segments', 'list'],
  queryFn: async () => {
    const page = await unwrap(api.GET('/api/segments', { params: { query: { limit: 500 } } }))
    return { items: page.items as unknown as SegmentItem[] }
  },
  refetchInterval: ({ state }) =>
    pace(state.data?.items.some(({ status }) => status === 'building') ?? false),
})

/** One segment with its last 90 days. */
export const segmentQuery = (segmentId: number) =>
  queryOptions({
    queryKey: ['segments', 'one', segmentId],
    queryFn: async () =>
      (await unwrap(
        api.GET('/api/segments/{segment_id}', { params: { path: { segment_id: segmentId } } }),
      )) as unknown as SegmentDetail,
    refetchInterval: ({ state }) => pace(state.data?.status === 'building'),
  })

/** Rules to begin with. */
export const templatesQuery = queryOptions({
  queryKey: ['segments', 'templates'],
  queryFn: async () => {
    const { items } = await unwrap(api.GET('/api/segments/templates'))
    return { items: items as unknown as Template[] }
  },
  staleTime: Number.POSITIVE_INFINITY,
})

/** Who is in other segments too. */
export const overlapQuery = (segmentId: number) =>
  queryOptions({
    queryKey: ['segments', 'overlap', segmentId],
    queryFn: () =>
      unwrap(api.GET('/api/segments/{segment_id}/overlap', { params: { path: { segment_id: segmentId } } })),
  })

/** How many of a segment's people are in each part. A segment that has grown or shrunk is asked anew. */
export const compositionQuery = (segmentId: number, size: number, parts: Part[]) =>
  queryOptions({
    queryKey: ['segments', 'composition', segmentId, size, parts.length],
    queryFn: async ({ signal }) => {
      const rule = toSend(compositionRule(segmentId, parts))
      const body = { rule, sample: 0, may_guess: false }
      const { conditions } = await unwrap(api.POST('/api/segments/preview', { body, signal }))
      return countsOf(parts, conditions)
    },
    placeholderData: keepPreviousData,
  })

/** The segments that a person is in. */
export const personSegmentsQuery = (personId: number) =>
  queryOptions({
    queryKey: ['segments', 'person', personId],
    queryFn: () =>
      unwrap(api.GET('/api/people/{person_id}/segments', { params: { path: { person_id: personId } } })),
  })

/** Why a person is in a segment, or is not. */
export const whyQuery = (personId: number, segmentId: number) =>
  queryOptions({
    queryKey: ['segments', 'why', personId, segmentId],
    queryFn: () =>
      unwrap(
        api.GET('/api/people/{person_id}/segments/{segment_id}', {
          params: { path: { person_id: personId, segment_id: segmentId } },
        }),
      ),
    staleTime: 0,
  })

/** A few people by any identifier, to choose one from. */
export const findPeopleQuery = (q: string) =>
  queryOptions({
    queryKey: ['people', 'find', q],
    queryFn: () => unwrap(api.GET('/api/people', { params: { query: { q, limit: 8 } } })),
    enabled: q.length >= 2,
  })

/** The lists that were made of a segment. */
export const snapshotsQuery = (segmentId: number) =>
  queryOptions({
    queryKey: ['segments', 'snapshots', segmentId],
    queryFn: () => unwrap(api.GET('/api/lists', { params: { query: { segment_id: segmentId, limit: 50 } } })),
  })

/** When such lists are made. */
export const schedulesQuery = (segmentId: number) =>
  queryOptions({
    queryKey: ['segments', 'schedules', segmentId],
    queryFn: () =>
      unwrap(
        api.GET('/api/segments/{segment_id}/schedules', { params: { path: { segment_id: segmentId } } }),
      ),
  })

interface Saved {
  name: string
  description: string
  rule: Rule
}

// The description of the API has every default as a value that is always there; the server needs none of them.
const toSend = (rule: Rule) => rule as unknown as Schemas['SegmentRule']

/** Make a segment, or change the one with an id. */
export const saveSegment = async (
  segmentId: number | undefined,
  { rule, ...rest }: Saved,
): Promise<Segment> => {
  const body = { ...rest, rule: toSend(rule) }
  const saved = segmentId
    ? await unwrap(
        api.PATCH('/api/segments/{segment_id}', { params: { path: { segment_id: segmentId } }, body }),
      )
    : await unwrap(api.POST('/api/segments', { body: { ...body, is_draft: false } }))
  return saved as unknown as Segment
}

/** Let a segment run, or leave everybody where they are. */
export const setRunning = (segmentId: number, isOn: boolean) =>
  unwrap(
    api.PATCH('/api/segments/{segment_id}', {
      params: { path: { segment_id: segmentId } },
      body: { status: isOn ? 'live' : 'paused' },
    }),
  )

export const deleteSegment = (segmentId: number) =>
  unwrap(api.DELETE('/api/segments/{segment_id}', { params: { path: { segment_id: segmentId } } }))

/** Keep who is in a segment now as a list. */
export const takeSnapshot = (segmentId: number, name: string | null) =>
  unwrap(
    api.POST('/api/segments/{segment_id}/snapshots', {
      params: { path: { segment_id: segmentId } },
      body: { name },
    }),
  )

export type Rhythm = Schemas['NewSchedule']

export const addSchedule = (segmentId: number, body: Rhythm) =>
  unwrap(
    api.POST('/api/segments/{segment_id}/schedules', { params: { path: { segment_id: segmentId } }, body }),
  )

export const deleteSchedule = (segmentId: number, scheduleId: number) =>
  unwrap(
    api.DELETE('/api/segments/{segment_id}/schedules/{schedule_id}', {
      params: { path: { segment_id: segmentId, schedule_id: scheduleId } },
    }),
  )

/** Where the browser fetches the people of a segment or a list as a file. */
export const exportAddress = (segmentId: number) => `/api/segments/${segmentId}/export`
export const listExportAddress = (listId: number) => `/api/lists/${listId}/export`

/** Forget what is known of segments after one of them changed. */
export const forgetSegments = () => queryClient.invalidateQueries({ queryKey: ['segments'] })

/** What there is to choose from when a rule is written. */
export const vocabularyQuery = queryOptions({
  queryKey: ['segments', 'vocabulary'],
  queryFn: () => unwrap(api.GET('/api/segments/vocabulary')),
  staleTime: 60_000,
})

const SAMPLED = 8

/** Who would be in by a rule, given as JSON; a guess may come sooner. */
export const previewQuery = (rule: string, segmentId: number | undefined, mayGuess: boolean) =>
  queryOptions({
    queryKey: ['segments', 'preview', segmentId, rule, mayGuess],
    queryFn: ({ signal }) =>
      unwrap(
        api.POST('/api/segments/preview', {
          body: {
            rule: toSend(JSON.parse(rule) as Rule),
            segment_id: segmentId ?? null,
            sample: SAMPLED,
            may_guess: mayGuess,
          },
          signal,
        }),
      ),
    staleTime: 60_000,
  })

/** How many would have been in by the same rule, week by week. */
export const previewTrendQuery = (rule: string, segmentId: number | undefined) =>
  queryOptions({
    queryKey: ['segments', 'preview', 'trend', segmentId, rule],
    queryFn: ({ signal }) =>
      unwrap(
        api.POST('/api/segments/preview/trend', {
          body: { rule: toSend(JSON.parse(rule) as Rule), segment_id: segmentId ?? null },
          signal,
        }),
      ),
    staleTime: 600_000,
  })
