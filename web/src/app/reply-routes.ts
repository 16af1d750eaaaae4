import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { parsePeriodSearch } from '@/kernel/period'
import { shellRoute } from './shell-route'

const autoReplyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/auto-replies',
  component: lazyRouteComponent(() => import('@/operate/autoreply/auto-reply-page')),
})

const menusRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/menus',
  component: lazyRouteComponent(() => import('@/operate/menus/menus-page')),
})

const inboxReportRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/inbox/report',
  validateSearch: parsePeriodSearch,
  component: lazyRouteComponent(() => import('@/operate/inbox/report/report-page')),
})

/** What is answered by itself, and how well people are answered. */
export const replyRoutes = [autoReplyRoute, menusRoute, inboxReportRoute] as const
