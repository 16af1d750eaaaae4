import { Outlet } from '@tanstack/react-router'
import { useT } from '@/kernel/i18n'
import { RuleToolsProvider } from './rule-tools'
import { SectionNav } from './section-nav'

/** What a portrait is made of: traits, tags and layers, side by side. */
const PortraitLayout = () => {
  const t = useT()
  const items = [
    { to: '/portrait/traits', label: t('app.shell.portrait.traits') },
    { to: '/portrait/tags', label: t('app.shell.portrait.tags') },
    { to: '/portrait/layers', label: t('app.shell.portrait.layers') },
  ] as const
  return (
    <>
      <SectionNav label={t('app.shell.portrait.navigation')} items={items} />
      <RuleToolsProvider>
        <Outlet />
      </RuleToolsProvider>
    </>
  )
}

export default PortraitLayout
