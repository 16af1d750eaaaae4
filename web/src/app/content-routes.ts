import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from './shell-route'

const contentRoute = createRoute({
  getParentRoute: () => shellRoute,
  id: 'content',
  component: lazyRouteComponent(() => import('./routes/content-layout')),
})

const templatesRoute = createRoute({
  getParentRoute: () => contentRoute,
  path: '/templates',
  component: lazyRouteComponent(() => import('@/operate/content/templates-page')),
})

const linksRoute = createRoute({
  getParentRoute: () => contentRoute,
  path: '/links',
  component: lazyRouteComponent(() => import('@/operate/links/links-page')),
})

const templateRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/templates/$templateId',
  component: lazyRouteComponent(() => import('@/operate/content/template-page')),
})

/** What is said: templates with their editor, and the links in them. */
export const contentRoutes = [contentRoute.addChildren([templatesRoute, linksRoute]), templateRoute] as const
