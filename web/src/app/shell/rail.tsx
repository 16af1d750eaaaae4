import { Link } from '@tanstack/react-router'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import {
  AutoReplyIcon,
  BroadcastsIcon,
  CockpitIcon,
  ExperimentsIcon,
  InboxIcon,
  IngestIcon,
  ListsIcon,
  MenusIcon,
  PeopleIcon,
  PortraitIcon,
  ReportsIcon,
  SegmentsIcon,
  SettingsIcon,
  TemplatesIcon,
  VerdictIcon,
} from '@/kernel/ui/icons'
import { Logo } from '../logo'
import styles from './rail.module.css'
import { WorkspaceSwitch } from './workspace-switch'

interface RailProps {
  /** Called when a page has been chosen, to close the menu on a phone. */
  onChosen?: () => void
}

/** The dark side bar: the mark, the pages, the workspace. */
export const Rail = ({ onChosen }: RailProps) => {
  const t = useT()
  const canMeasure = useCan('measure:read')
  const items = [
    { to: '/', icon: CockpitIcon, label: t('app.shell.nav.cockpit'), isShown: canMeasure },
    { to: '/verdict', icon: VerdictIcon, label: t('app.shell.nav.verdict'), isShown: canMeasure },
    {
      to: '/experiments',
      icon: ExperimentsIcon,
      label: t('app.shell.nav.experiments'),
      isShown: canMeasure,
    },
    { to: '/reports', icon: ReportsIcon, label: t('app.shell.nav.reports'), isShown: canMeasure },
    { to: '/inbox', icon: InboxIcon, label: t('app.shell.nav.inbox'), isShown: useCan('inbox:read') },
    { to: '/people', icon: PeopleIcon, label: t('app.shell.nav.people'), isShown: useCan('people:read') },
    {
      to: '/portrait',
      icon: PortraitIcon,
      label: t('app.shell.nav.portrait'),
      isShown: useCan('segments:read'),
    },
    {
      to: '/segments',
      icon: SegmentsIcon,
      label: t('app.shell.nav.segments'),
      isShown: useCan('segments:read'),
    },
    { to: '/lists', icon: ListsIcon, label: t('app.shell.nav.lists'), isShown: useCan('segments:read') },
    {
      to: '/broadcasts',
      icon: BroadcastsIcon,
      label: t('app.shell.nav.broadcasts'),
      isShown: useCan('broadcasts:read'),
    },
    {
      to: '/auto-replies',
      icon: AutoReplyIcon,
      label: t('app.shell.nav.autoReplies'),
      isShown: useCan('replies:read'),
    },
    {
      to: '/templates',
      icon: TemplatesIcon,
      label: t('app.shell.nav.templates'),
      isShown: useCan('content:read'),
    },
    { to: '/menus', icon: MenusIcon, label: t('app.shell.nav.menus'), isShown: useCan('replies:read') },
    { to: '/ingest', icon: IngestIcon, label: t('app.shell.nav.ingest'), isShown: useCan('ingest:read') },
    { to: '/settings', icon: SettingsIcon, label: t('app.shell.nav.settings'), isShown: true },
  ] as const
  return (
    <div className={styles.rail}>
      <div className={styles.brand}>
        <Logo />
        <div>
          <p className={styles.name}>Fanwheel</p>
          <p className={styles.tagline}>{t('app.shell.tagline')}</p>
        </div>
      </div>
      <nav aria-label={t('app.shell.navigation')}>
        <ul className={styles.items}>
          {items
            .filter(({ isShown }) => isShown)
            .map(({ to, icon: Icon, label }) => (
              <li key={to}>
                <Link
                  to={to}
                  className={styles.item}
                  activeOptions={{ exact: to === '/', includeSearch: false }}
                  onClick={onChosen}
                >
                  <Icon aria-hidden="true" />
                  {label}
                </Link>
              </li>
            ))}
        </ul>
      </nav>
      <div className={styles.foot}>
        <WorkspaceSwitch />
      </div>
    </div>
  )
}
