import { ApiError, api, type Role, type Schemas, unwrap } from '@/kernel/api'
import { useCan, useMe } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, type Column, DateTime, Select, useConfirm, useNarrow, useNotice } from '@/kernel/ui'
import { refreshAccess } from './queries'
import { ROLES } from './roles'
import styles from './settings.module.css'

type Member = Schemas['MemberOut']

const pathOf = ({ user_id }: Member) => ({ params: { path: { user_id } } })

/** What the list of members shows, and what an owner may do with each. */
export const useMemberColumns = (onLink: (email: string, link: string) => void): Column<Member>[] => {
  const t = useT()
  const me = useMe()
  const confirm = useConfirm()
  const notice = useNotice()
  const canWrite = useCan('members:write')
  const isNarrow = useNarrow()
  const nameOf = ({ name, email }: Member) => name || email

  const attempt = async (deed: () => Promise<unknown>, done?: string) => {
    try {
      await deed()
      if (done) notice.success(done)
    } catch (error) {
      notice.error(error instanceof ApiError ? error.message : String(error))
    } finally {
      await refreshAccess()
    }
  }
  const changeRole = (member: Member, role: Role) =>
    attempt(
      () => unwrap(api.PATCH('/api/members/{user_id}', { ...pathOf(member), body: { role } })),
      t('infra.access.members.changed'),
    )
  const reset = (member: Member) =>
    attempt(async () => {
      const { link } = await unwrap(api.POST('/api/members/{user_id}/reset', pathOf(member)))
      onLink(member.email, link)
    })
  const remove = (member: Member) =>
    confirm({
      title: t('infra.access.members.removeTitle', { name: nameOf(member) }),
      content: t('infra.access.members.removeText'),
      verb: t('infra.access.members.remove'),
      isDangerous: true,
      act: () => attempt(() => unwrap(api.DELETE('/api/members/{user_id}', pathOf(member)))),
    })
  return [
    {
      key: 'name',
      title: t('infra.access.members.name'),
      render: (member) => (
        <>
          {nameOf(member)}{' '}
          {member.pending ? <span className={styles.hint}>{t('infra.access.members.pending')}</span> : null}
        </>
      ),
    },
    { key: 'email', title: t('infra.access.members.email'), isWideOnly: true, render: ({ email }) => email },
    {
      key: 'role',
      title: t('infra.access.members.role'),
      width: isNarrow ? 116 : 150,
      render: (member) =>
        canWrite ? (
          <Select<Role>
            value={member.role}
            style={{ width: isNarrow ? 96 : 130 }}
            aria-label={t('infra.access.members.roleOf', { name: nameOf(member) })}
            options={ROLES.map((value) => ({ value, label: t(`infra.access.role.${value}`) }))}
            onChange={(role) => void changeRole(member, role)}
          />
        ) : (
          t(`infra.access.role.${member.role}`)
        ),
    },
    {
      key: 'since',
      title: t('infra.access.members.since'),
      width: 130,
      isWideOnly: true,
      render: ({ created_at: at }) => <DateTime at={at} style="date" />,
    },
    {
      key: 'actions',
      title: t('infra.access.members.actions'),
      width: isNarrow ? 96 : 230,
      render: (member) =>
        canWrite && member.user_id !== me?.user.id ? (
          <span className={styles.row}>
            {isNarrow ? null : (
              <Button onClick={() => void reset(member)}>{t('infra.access.members.reset')}</Button>
            )}
            <Button onClick={() => remove(member)}>{t('infra.access.members.remove')}</Button>
          </span>
        ) : null,
    },
  ]
}
