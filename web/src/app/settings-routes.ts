import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { shellRoute } from './shell-route'

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

const channelsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'channels',
  component: lazyRouteComponent(() => import('@/domains/channels/channels-page')),
})

const webhooksRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'webhooks',
  component: lazyRouteComponent(() => import('@/infra/webhooks/webhooks-page')),
})

const webhookRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'webhooks/$webhookId',
  component: lazyRouteComponent(() => import('@/infra/webhooks/webhook-page')),
})

const consentRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'consent',
  component: lazyRouteComponent(() => import('@/cdp/consent/suppressions-page')),
})

const sendingRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'sending',
  component: lazyRouteComponent(() => import('@/operate/reach/rules-page')),
})

const inboxSettingsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'inbox',
  component: lazyRouteComponent(() => import('@/operate/inbox/setup/setup-page')),
})

const retentionRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'retention',
  component: lazyRouteComponent(() => import('@/infra/retention/retention-page')),
})

const brandRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'brand',
  component: lazyRouteComponent(() => import('@/operate/content/brand-page')),
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

/** What an installation and a workspace are set up with. */
export const settingsRoutes = settingsRoute.addChildren([
  settingsIndexRoute,
  keysRoute,
  sourcesRoute,
  channelsRoute,
  webhooksRoute,
  webhookRoute,
  sendingRoute,
  inboxSettingsRoute,
  consentRoute,
  retentionRoute,
  brandRoute,
  membersRoute,
  workspaceRoute,
  accountRoute,
])
