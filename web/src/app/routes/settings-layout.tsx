import { Outlet } from '@tanstack/react-router'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { SectionNav } from './section-nav'

/** Settings: their pages side by side above the one on screen. */
const SettingsLayout = () => {
  const t = useT()
  const items = [
    { to: '/settings/keys', label: t('app.shell.settings.keys'), isShown: useCan('keys:read') },
    { to: '/settings/sources', label: t('app.shell.settings.sources'), isShown: useCan('sources:read') },
    {
      to: '/settings/channels',
      label: t('app.shell.settings.channels'),
      isShown: useCan('channels:read'),
    },
    {
      to: '/settings/webhooks',
      label: t('app.shell.settings.webhooks'),
      isShown: useCan('webhooks:read'),
    },
    {
      to: '/settings/sending',
      label: t('app.shell.settings.sending'),
      isShown: useCan('sending:read'),
    },
    { to: '/settings/inbox', label: t('app.shell.settings.inbox'), isShown: useCan('inbox:read') },
    {
      to: '/settings/consent',
      label: t('app.shell.settings.consent'),
      isShown: useCan('people:read'),
    },
    {
      to: '/settings/retention',
      label: t('app.shell.settings.retention'),
      isShown: useCan('workspace:read'),
    },
    { to: '/settings/brand', label: t('app.shell.settings.brand'), isShown: useCan('content:read') },
    { to: '/settings/members', label: t('app.shell.settings.members'), isShown: useCan('members:read') },
    {
      to: '/settings/workspace',
      label: t('app.shell.settings.workspace'),
      isShown: useCan('workspace:read'),
    },
    { to: '/settings/account', label: t('app.shell.settings.account') },
  ] as const
  return (
    <>
      <SectionNav label={t('app.shell.settings.navigation')} items={items} />
      <Outlet />
    </>
  )
}

export default SettingsLayout
