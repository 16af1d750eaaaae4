import { queryOptions } from '@tanstack/react-query'
import { api, queryClient, type Schemas, unwrap } from '@/kernel/api'
import { setupQuery } from '../queries'

export type TeamBody = Schemas['NewInboxTeam']
export type Route = Schemas['InboxRoute']
export type PolicyBody = Schemas['NewServicePolicy']
export type DraftingBody = Schemas['NewDrafting']

const at = (team: number) => ({ path: { team_id: team } })

export const refreshSetup = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: setupQuery.queryKey }),
    queryClient.invalidateQueries({ queryKey: ['inbox', 'agents'] }),
  ])

export const addTeam = (body: TeamBody) => unwrap(api.POST('/api/inbox/teams', { body }))
export const changeTeam = (team: number, body: TeamBody) =>
  unwrap(api.PUT('/api/inbox/teams/{team_id}', { params: at(team), body }))
export const deleteTeam = (team: number) =>
  unwrap(api.DELETE('/api/inbox/teams/{team_id}', { params: at(team) }))

export const putRoutes = (items: Route[]) => unwrap(api.PUT('/api/inbox/routes', { body: { items } }))
export const putPolicies = (items: PolicyBody[]) =>
  unwrap(api.PUT('/api/inbox/policies', { body: { items } }))

export const putDrafting = (body: DraftingBody) => unwrap(api.PUT('/api/inbox/drafting', { body }))
export const checkDrafting = () => unwrap(api.POST('/api/inbox/drafting/check'))

export const accountsQuery = queryOptions({
  queryKey: ['inbox', 'accounts'],
  queryFn: () => unwrap(api.GET('/api/channels/accounts')),
  staleTime: 60_000,
})

export const traitsQuery = queryOptions({
  queryKey: ['inbox', 'traits'],
  queryFn: () => unwrap(api.GET('/api/traits')),
  staleTime: 60_000,
})
