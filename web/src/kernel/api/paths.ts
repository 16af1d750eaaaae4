import type * as api from './types'

interface Parameters<Path, Query> {
  query?: Query
  path: Path
  header?: never
  cookie?: never
}

interface Answer<Body> {
  200: { headers: Record<string, unknown>; content: { 'application/json': Body } }
}

type None = Record<string, never> | undefined

interface Get<Body, Query = None, Path = None> {
  parameters: Path extends None ? { query?: Query } : Parameters<Path, Query>
  requestBody?: never
  responses: Answer<Body>
}

interface Send<Request, Body, Path = None> {
  parameters: Path extends None ? { query?: never } : Parameters<Path, never>
  requestBody: { content: { 'application/json': Request } }
  responses: Answer<Body>
}

interface Drop<Body, Path> {
  parameters: Parameters<Path, never>
  requestBody?: never
  responses: Answer<Body>
}

interface OfPerson {
  person_id: number
}

/** Every call the web app makes, in the shape that openapi-typescript generates. */
export interface paths {
  '/api/auth/me': { get: Get<api.Me>; patch: Send<{ name?: string; locale?: string }, api.Me> }
  '/api/auth/login': { post: Send<{ email: string; password: string }, api.Me> }
  '/api/auth/logout': { post: Send<Record<string, never>, unknown> }
  '/api/auth/password': { post: Send<{ current: string; new: string }, unknown> }
  '/api/auth/workspace': { post: Send<{ workspace_id: number }, unknown> }
  '/api/auth/setup': {
    get: Get<{ needed: boolean }>
    post: Send<
      { token: string; email: string; name: string; password: string; workspace_name: string },
      unknown
    >
  }
  '/api/auth/accept': { post: Send<{ token: string; name?: string; password: string }, unknown> }

  '/api/people': { get: Get<api.PeoplePage, api.PeopleQuery> }
  '/api/people/{person_id}': {
    get: Get<api.Person, None, OfPerson>
    delete: Drop<{ erasure_id: string }, OfPerson>
  }
  '/api/people/{person_id}/timeline': {
    get: Get<api.Page<api.TimelineEvent>, { cursor?: string; limit?: number }, OfPerson>
  }
  '/api/people/{person_id}/identity': { get: Get<api.Identity, None, OfPerson> }
  '/api/people/{person_id}/merge': { post: Send<{ person_id: number }, unknown, OfPerson> }
  '/api/people/{person_id}/unmerge': {
    post: Send<{ home_ids: number[] }, { person_ids: number[] }, OfPerson>
  }
  '/api/people/{person_id}/tags': { post: Send<{ add: string[]; remove: string[] }, unknown, OfPerson> }

  '/api/sources': { get: Get<{ items: api.Source[] }> }

  '/api/measure/readouts': { get: Get<api.Readouts, api.Period> }
  '/api/measure/stages': { get: Get<api.StagesReport, api.Period> }
  '/api/measure/flows': { get: Get<api.FlowsReport, api.Period> }
  '/api/measure/attribution': { get: Get<api.AttributionReport, api.Period & { model?: string }> }
  '/api/measure/cohorts': { get: Get<api.CohortsReport, { grain: 'month' | 'week' }> }
  '/api/measure/referral': { get: Get<api.ReferralReport, { limit?: number }> }
}
