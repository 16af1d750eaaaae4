import { useNavigate } from '@tanstack/react-router'
import { api, unwrap } from '@/kernel/api'
import { rememberMe, useMe } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, Dropdown } from '@/kernel/ui'
import { SignOutIcon, UserIcon } from '@/kernel/ui/icons'

/** Who is signed in, the way to the account, and the way out. */
export const AccountMenu = () => {
  const t = useT()
  const me = useMe()
  const navigate = useNavigate()
  if (!me) return null

  const signOut = async () => {
    await unwrap(api.POST('/api/auth/logout'))
    rememberMe(null)
    await navigate({ to: '/login' })
  }

  const items = [
    {
      key: 'who',
      type: 'group' as const,
      label: `${me.user.name} · ${me.user.email}`,
    },
    {
      key: 'account',
      icon: <UserIcon />,
      label: t('app.shell.account'),
      onClick: () => void navigate({ to: '/settings/account' }),
    },
    { key: 'out', icon: <SignOutIcon />, label: t('app.shell.signOut'), onClick: () => void signOut() },
  ]
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <Button
        type="text"
        icon={<UserIcon />}
        aria-label={t('app.shell.accountMenu', { name: me.user.name })}
        aria-haspopup="menu"
      />
    </Dropdown>
  )
}
