import { Outlet } from '@tanstack/react-router'
import { useT } from '@/kernel/i18n'
import { SectionNav } from './section-nav'

/** What is said, and the links in it: side by side. */
const ContentLayout = () => {
  const t = useT()
  const items = [
    { to: '/templates', label: t('app.shell.content.templates') },
    { to: '/links', label: t('app.shell.content.links') },
  ] as const
  return (
    <>
      <SectionNav label={t('app.shell.content.navigation')} items={items} />
      <Outlet />
    </>
  )
}

export default ContentLayout
