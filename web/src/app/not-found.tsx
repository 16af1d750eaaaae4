import { Link } from '@tanstack/react-router'
import { useT } from '@/kernel/i18n'
import { EmptyState } from '@/kernel/ui'

/** No page answers this address. */
export const NotFound = () => {
  const t = useT()
  return (
    <EmptyState title={t('app.shell.notFound')} action={<Link to="/">{t('app.shell.notFoundLink')}</Link>} />
  )
}
