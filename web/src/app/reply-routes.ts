import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
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

/** What is answered by itself. */
export const replyRoutes = [autoReplyRoute, menusRoute] as const
