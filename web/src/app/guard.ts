import { redirect } from '@tanstack/react-router'
import { api, queryClient, unwrap } from '@/kernel/api'
import { meQuery } from '@/kernel/auth'

/** Let only who is signed in pass; send others to sign in, or to set up an installation without an owner. */
export const requireSession = async ({ location }: { location: { href: string } }) => {
  const me = await queryClient.ensureQueryData(meQuery)
  if (me) return
  const { needed } = await unwrap(api.GET('/api/auth/setup'))
  if (needed) throw redirect({ to: '/setup' })
  throw redirect({ to: '/login', search: { next: location.href } })
}
