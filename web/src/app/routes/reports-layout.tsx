import { Outlet } from '@tanstack/react-router'
import { useT } from '@/kernel/i18n'
import { SectionNav } from './section-nav'

/** Reports: one page a question, side by side. */
const ReportsLayout = () => {
  const t = useT()
  const items = [
    { to: '/reports/funnel', label: t('app.shell.reports.funnel') },
    { to: '/reports/retention', label: t('app.shell.reports.retention') },
    { to: '/reports/rfm', label: t('app.shell.reports.rfm') },
    { to: '/reports/clv', label: t('app.shell.reports.clv') },
    { to: '/reports/paths', label: t('app.shell.reports.paths') },
    { to: '/reports/referral', label: t('app.shell.reports.referral') },
  ] as const
  return (
    <>
      <SectionNav label={t('app.shell.reports.navigation')} items={items} />
      <Outlet />
    </>
  )
}

export default ReportsLayout
