import { Link, Outlet } from '@tanstack/react-router'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import styles from './settings-layout.module.css'

/** Settings: their pages side by side above the one on screen. */
const SettingsLayout = () => {
  const t = useT()
  const items = [
    { to: '/settings/keys', label: t('app.shell.settings.keys'), isShown: useCan('keys:read') },
    { to: '/settings/sources', label: t('app.shell.settings.sources'), isShown: useCan('sources:read') },
    { to: '/settings/members', label: t('app.shell.settings.members'), isShown: useCan('members:read') },
    {
      to: '/settings/workspace',
      label: t('app.shell.settings.workspace'),
      isShown: useCan('workspace:read'),
    },
    { to: '/settings/account', label: t('app.shell.settings.account'), isShown: true },
  ] as const
  return (
    <>
      <nav className={styles.nav} aria-label={t('app.shell.settings.navigation')}>
        {items
          .filter(({ isShown }) => isShown)
          .map(({ to, label }) => (
            <Link key={to} to={to} className={styles.item}>
              {label}
            </Link>
          ))}
      </nav>
      <Outlet />
    </>
  )
}

export default SettingsLayout
