import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from './shell-route'

const templatesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/templates',
  component: lazyRouteComponent(() => import('@/operate/content/templates-page')),
})

const templateRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/templates/$templateId',
  component: lazyRouteComponent(() => import('@/operate/content/template-page')),
})

/** What is said: templates and their editor. */
export const contentRoutes = [templatesRoute, templateRoute] as const
