import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useT } from '@/kernel/i18n'
import { EmptyState, ErrorState, Loading } from '@/kernel/ui'
import { AcceptForm } from './accept-form'
import { Entrance } from './entrance'
import { linkQuery } from './entry'

/** Where an invitation or a reset link leads: what it is for, and the password. */
const AcceptPage = () => {
  const t = useT()
  const { token = '' } = useSearch({ from: '/accept' })
  const link = useQuery(linkQuery(token))
  if (link.data) {
    const { purpose, email, workspace_name: workspace, has_password: isKnown } = link.data
    const isInvite = purpose === 'invite'
    const title = isInvite
      ? t('infra.access.accept.invite', { workspace: workspace ?? 'Fanwheel' })
      : t('infra.access.accept.reset')
    const lead = isInvite
      ? t(isKnown ? 'infra.access.accept.joinLead' : 'infra.access.accept.inviteLead', { email })
      : t('infra.access.accept.resetLead', { email })
    return (
      <Entrance title={title} lead={lead}>
        <AcceptForm token={token} isNew={isInvite && !isKnown} isKnown={isKnown} email={email} />
      </Entrance>
    )
  }
  return (
    <Entrance title={t('infra.access.accept.title')} lead="">
      {token === '' ? (
        <EmptyState title={t('infra.access.accept.noToken')}>
          {t('infra.access.accept.noTokenHint')}
        </EmptyState>
      ) : link.error ? (
        <ErrorState error={link.error} />
      ) : (
        <Loading />
      )}
    </Entrance>
  )
}

export default AcceptPage
