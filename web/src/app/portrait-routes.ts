import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { shellRoute } from './shell-route'

const portraitRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/portrait',
  component: lazyRouteComponent(() => import('./routes/portrait-layout')),
})

const portraitIndexRoute = createRoute({
  getParentRoute: () => portraitRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/portrait/traits' })
  },
})

const traitsRoute = createRoute({
  getParentRoute: () => portraitRoute,
  path: 'traits',
  component: lazyRouteComponent(() => import('@/cdp/traits/traits-page'), 'TraitsPage'),
})

const tagsRoute = createRoute({
  getParentRoute: () => portraitRoute,
  path: 'tags',
  component: lazyRouteComponent(() => import('@/cdp/tags/tags-page'), 'TagsPage'),
})

const layersRoute = createRoute({
  getParentRoute: () => portraitRoute,
  path: 'layers',
  component: lazyRouteComponent(() => import('@/cdp/tags/layers-page'), 'LayersPage'),
})

const newLayerRoute = createRoute({
  getParentRoute: () => portraitRoute,
  path: 'layers/new',
  component: lazyRouteComponent(() => import('@/cdp/tags/layer-editor-page'), 'NewLayerPage'),
})

const layerRoute = createRoute({
  getParentRoute: () => portraitRoute,
  path: 'layers/$layerKey',
  component: lazyRouteComponent(() => import('@/cdp/tags/layer-editor-page'), 'EditLayerPage'),
})

/** What portraits are made of: traits, tags and layers. */
export const portraitRoutes = portraitRoute.addChildren([
  portraitIndexRoute,
  traitsRoute,
  tagsRoute,
  layersRoute,
  newLayerRoute,
  layerRoute,
])
