import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, queryClient, type Schemas, unwrap } from '@/kernel/api'

export type Suppressed = Schemas['SuppressedAddress']
export type Reason = Suppressed['reason']
export type NewSuppression = Schemas['NewSuppression']
export type Imported = Schemas['SuppressionsImported']
export type Said = Schemas['ConsentSaid']
export type NewChoice = Schemas['NewChoice']

export const REASONS = ['complaint', 'bounce', 'unsubscribe', 'manual', 'import'] as const

/** Channels that are reached by an address which can be suppressed. */
export const CHANNELS = ['email', 'sms', 'whatsapp'] as const

const PAGE = 100

/** Suppressed addresses, newest first; a search finds whole addresses only. */
export const suppressionsQuery = (q: string, reason: Reason | null) =>
  infiniteQueryOptions({
    queryKey: ['suppressions', 'all', q, reason],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/suppressions', {
          params: {
            query: { q: q || undefined, reason: reason ?? undefined, limit: PAGE, cursor: pageParam },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
  })

/** How many addresses are suppressed for each reason. */
export const countsQuery = queryOptions({
  queryKey: ['suppressions', 'counts'],
  queryFn: () => unwrap(api.GET('/api/suppressions/counts')),
})

/** What a person agreed to and took back. */
export const ledgerQuery = (personId: number) =>
  queryOptions({
    queryKey: ['suppressions', 'ledger', personId],
    queryFn: () =>
      unwrap(api.GET('/api/people/{person_id}/consents', { params: { path: { person_id: personId } } })),
  })

export const addSuppression = (body: NewSuppression) => unwrap(api.POST('/api/suppressions', { body }))

export const liftSuppression = (id: number, why: string) =>
  unwrap(
    api.POST('/api/suppressions/{suppression_id}/lift', {
      params: { path: { suppression_id: id } },
      body: { why },
    }),
  )

export const importFile = (file: File): Promise<Imported> =>
  unwrap(
    api.POST('/api/suppressions/import', {
      headers: { 'Content-Type': 'text/csv' },
      // The bytes as they are: the server finds out how they are written.
      body: file as unknown as string,
      bodySerializer: (content) => content as unknown as File,
    }),
  )

export type ConsentsImported = Schemas['ConsentsImported']

export interface ConsentFile {
  file: File
  channel: string
  evidence: string
  isTrial: boolean
}

/** What people agreed to elsewhere, from a file. */
export const importConsents = ({
  file,
  channel,
  evidence,
  isTrial,
}: ConsentFile): Promise<ConsentsImported> =>
  unwrap(
    api.POST('/api/consents/import', {
      params: { query: { channel, evidence, is_trial: isTrial } },
      headers: { 'Content-Type': 'text/csv' },
      body: file as unknown as string,
      bodySerializer: (content) => content as unknown as File,
    }),
  )

export const noteChoice = (personId: number, body: NewChoice) =>
  unwrap(api.POST('/api/people/{person_id}/consents', { params: { path: { person_id: personId } }, body }))

export const refreshSuppressions = () => queryClient.invalidateQueries({ queryKey: ['suppressions'] })
