import { createRootRoute, createRoute } from '@tanstack/react-router'
import { requireSession } from './guard'
import { NotFound } from './not-found'
import { Shell } from './shell/shell'

export const rootRoute = createRootRoute({ notFoundComponent: NotFound })

/** Every page for which one has to be signed in. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: requireSession,
  component: Shell,
})
