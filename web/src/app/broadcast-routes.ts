import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { parseBroadcastsSearch } from '@/operate/broadcasts/search'
import { shellRoute } from './shell-route'

const broadcastsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/broadcasts',
  validateSearch: parseBroadcastsSearch,
  component: lazyRouteComponent(() => import('@/operate/broadcasts/broadcasts-page')),
})

const broadcastRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/broadcasts/$broadcastId',
  component: lazyRouteComponent(() => import('./routes/broadcast-page')),
})

/** What is said to many at once. */
export const broadcastRoutes = [broadcastsRoute, broadcastRoute] as const
