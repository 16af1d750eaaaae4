import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { parsePeopleSearch } from '@/cdp/people/search'
import { parsePeriodSearch } from '@/kernel/period'
import { requireSession } from './guard'
import { NotFound } from './not-found'
import { RouteError } from './route-error'
import { Shell } from './shell/shell'

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const rootRoute = createRootRoute({ notFoundComponent: NotFound })

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: (search): { next?: string } => ({ next: text(search.next) }),
  component: lazyRouteComponent(() => import('@/infra/access/login-page')),
})

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  validateSearch: (search): { token?: string } => ({ token: text(search.token) }),
  component: lazyRouteComponent(() => import('@/infra/access/setup-page')),
})

const acceptRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/accept',
  validateSearch: (search): { token?: string } => ({ token: text(search.token) }),
  component: lazyRouteComponent(() => import('@/infra/access/accept-page')),
})

const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: requireSession,
  component: Shell,
})

const cockpitRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  validateSearch: parsePeriodSearch,
  component: lazyRouteComponent(() => import('@/measure/cockpit/cockpit-page')),
})

const peopleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/people',
  validateSearch: parsePeopleSearch,
  component: lazyRouteComponent(() => import('@/cdp/people/people-page')),
})

const personRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/people/$personId',
  component: lazyRouteComponent(() => import('@/cdp/people/person-page')),
})

const ingestRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/ingest',
  component: lazyRouteComponent(() => import('@/cdp/ingest/ingest-page')),
})

const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./routes/settings-layout')),
})

const settingsIndexRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/account' })
  },
})

const keysRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'keys',
  component: lazyRouteComponent(() => import('@/infra/access/keys-page')),
})

const sourcesRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'sources',
  component: lazyRouteComponent(() => import('@/cdp/sources/sources-page')),
})

const membersRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'members',
  component: lazyRouteComponent(() => import('@/infra/access/members-page')),
})

const workspaceRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'workspace',
  component: lazyRouteComponent(() => import('@/infra/access/workspace-page')),
})

const accountRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'account',
  component: lazyRouteComponent(() => import('@/infra/access/account-page')),
})

const routeTree = rootRoute.addChildren([
  loginRoute,
  setupRoute,
  acceptRoute,
  shellRoute.addChildren([
    cockpitRoute,
    peopleRoute,
    personRoute,
    ingestRoute,
    settingsRoute.addChildren([
      settingsIndexRoute,
      keysRoute,
      sourcesRoute,
      membersRoute,
      workspaceRoute,
      accountRoute,
    ]),
  ]),
])

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultErrorComponent: RouteError,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
