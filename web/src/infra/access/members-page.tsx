import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, DataTable, Loaded, Page, Panel, SecretDialog } from '@/kernel/ui'
import { PlusIcon } from '@/kernel/ui/icons'
import { AuditPanel } from './audit-panel'
import { useMemberColumns } from './member-columns'
import { MemberForm } from './member-form'
import { membersQuery } from './queries'

interface Invitation {
  email: string
  link: string
}

/** Who works here, what they may do, and what was changed. */
const MembersPage = () => {
  const t = useT()
  const canWrite = useCan('members:write')
  const canAudit = useCan('audit:read')
  const query = useQuery(membersQuery)
  const [isAsking, setIsAsking] = useState(false)
  const [invitation, setInvitation] = useState<Invitation | null>(null)
  const columns = useMemberColumns((email, link) => setInvitation({ email, link }))
  const add = canWrite ? (
    <Button type="primary" icon={<PlusIcon />} onClick={() => setIsAsking(true)}>
      {t('infra.access.members.invite')}
    </Button>
  ) : null
  return (
    <Page title={t('app.shell.settings.members')}>
      <Panel
        title={t('app.shell.settings.members')}
        note={t('infra.access.members.note')}
        actions={add}
        flush
      >
        <Loaded query={query}>
          {({ items }) => (
            <DataTable
              label={t('app.shell.settings.members')}
              columns={columns}
              rows={items}
              rowKey={({ user_id: id }) => id}
              rowHeight={48}
            />
          )}
        </Loaded>
      </Panel>
      {canAudit ? <AuditPanel /> : null}
      {isAsking ? (
        <MemberForm
          onClose={() => setIsAsking(false)}
          onInvited={(email, link) => {
            setIsAsking(false)
            setInvitation({ email, link })
          }}
        />
      ) : null}
      {invitation ? (
        <SecretDialog
          title={t('infra.access.members.linkTitle')}
          text={t('infra.access.members.linkText', { email: invitation.email })}
          label={t('infra.access.members.link')}
          secret={new URL(invitation.link, location.origin).href}
          verb={t('infra.access.members.close')}
          onClose={() => setInvitation(null)}
        />
      ) : null}
    </Page>
  )
}

export default MembersPage
