import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { parsePeopleSearch } from '@/cdp/people/search'
import { parseNewSegmentSearch } from '@/cdp/segments/search'
import { parsePeriodSearch } from '@/kernel/period'
import { parseExperimentsSearch } from '@/measure/experiments/search'
import { parseFunnelSearch } from '@/measure/reports/funnel/search'
import { parseVerdictSearch } from '@/measure/verdict/search'
import { parseInboxSearch } from '@/operate/inbox/search'
import { broadcastRoutes } from './broadcast-routes'
import { contentRoutes } from './content-routes'
import { portraitRoutes } from './portrait-routes'
import { replyRoutes } from './reply-routes'
import { RouteError } from './route-error'
import { settingsRoutes } from './settings-routes'
import { rootRoute, shellRoute } from './shell-route'

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

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
  component: lazyRouteComponent(() => import('./routes/people-page')),
})

const inboxRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/inbox',
  validateSearch: parseInboxSearch,
  component: lazyRouteComponent(() => import('./routes/inbox-page')),
})

const bulkHistoryRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/people/actions',
  component: lazyRouteComponent(() => import('@/cdp/bulk/history-page')),
})

const personRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/people/$personId',
  component: lazyRouteComponent(() => import('./routes/person-page')),
})

const listsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/lists',
  component: lazyRouteComponent(() => import('@/cdp/lists/lists-page')),
})

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/lists/$listId',
  component: lazyRouteComponent(() => import('./routes/list-page')),
})

const segmentsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/segments',
  component: lazyRouteComponent(() => import('@/cdp/segments/segments-page')),
})

const newSegmentRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/segments/new',
  validateSearch: parseNewSegmentSearch,
  component: lazyRouteComponent(() => import('@/cdp/segments/editor-page'), 'NewSegmentPage'),
})

const segmentRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/segments/$segmentId',
  component: lazyRouteComponent(() => import('./routes/segment-page')),
})

const editSegmentRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/segments/$segmentId/edit',
  component: lazyRouteComponent(() => import('@/cdp/segments/editor-page'), 'EditSegmentPage'),
})

const ingestRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/ingest',
  component: lazyRouteComponent(() => import('@/cdp/ingest/ingest-page')),
})

const verdictRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/verdict',
  validateSearch: parseVerdictSearch,
  component: lazyRouteComponent(() => import('@/measure/verdict/verdict-page')),
})

const experimentsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/experiments',
  validateSearch: parseExperimentsSearch,
  component: lazyRouteComponent(() => import('@/measure/experiments/experiments-page')),
})

const reportsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reports',
  component: lazyRouteComponent(() => import('./routes/reports-layout')),
})

const reportsIndexRoute = createRoute({
  getParentRoute: () => reportsRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/reports/funnel' })
  },
})

const funnelRoute = createRoute({
  getParentRoute: () => reportsRoute,
  path: 'funnel',
  validateSearch: parseFunnelSearch,
  component: lazyRouteComponent(() => import('@/measure/reports/funnel/funnel-page')),
})

const retentionRoute = createRoute({
  getParentRoute: () => reportsRoute,
  path: 'retention',
  component: lazyRouteComponent(() => import('./routes/retention-page')),
})

const rfmRoute = createRoute({
  getParentRoute: () => reportsRoute,
  path: 'rfm',
  component: lazyRouteComponent(() => import('@/measure/reports/rfm/rfm-page')),
})

const clvRoute = createRoute({
  getParentRoute: () => reportsRoute,
  path: 'clv',
  component: lazyRouteComponent(() => import('@/measure/reports/clv/clv-page')),
})

const pathsRoute = createRoute({
  getParentRoute: () => reportsRoute,
  path: 'paths',
  component: lazyRouteComponent(() => import('@/measure/reports/paths/paths-page')),
})

const referralRoute = createRoute({
  getParentRoute: () => reportsRoute,
  path: 'referral',
  component: lazyRouteComponent(() => import('./routes/referral-page')),
})

const routeTree = rootRoute.addChildren([
  loginRoute,
  setupRoute,
  acceptRoute,
  shellRoute.addChildren([
    cockpitRoute,
    inboxRoute,
    peopleRoute,
    bulkHistoryRoute,
    personRoute,
    listsRoute,
    listRoute,
    segmentsRoute,
    newSegmentRoute,
    segmentRoute,
    editSegmentRoute,
    portraitRoutes,
    ingestRoute,
    ...broadcastRoutes,
    ...replyRoutes,
    ...contentRoutes,
    verdictRoute,
    experimentsRoute,
    reportsRoute.addChildren([
      reportsIndexRoute,
      funnelRoute,
      retentionRoute,
      rfmRoute,
      clvRoute,
      pathsRoute,
      referralRoute,
    ]),
    settingsRoutes,
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
