import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { api, unwrap } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { useCan, useMe } from './me'

/** Who did something, in words: records say "user:7", "key:3" or "user:mei@brand.example". */
export const useActorName = (): ((actor: string) => string) => {
  const t = useT()
  const me = useMe()
  const { data } = useQuery({
    queryKey: ['access', 'members'],
    queryFn: () => unwrap(api.GET('/api/members')),
    enabled: useCan('members:read'),
  })
  return useCallback(
    (actor: string) => {
      const [kind, who = ''] = [actor.slice(0, actor.indexOf(':')), actor.slice(actor.indexOf(':') + 1)]
      if (kind === 'key') return t('kernel.ui.byKey')
      if (kind !== 'user') return actor
      if (me && String(me.user.id) === who) return me.user.name || me.user.email
      const member = data?.items.find(({ user_id: id }) => String(id) === who)
      if (member) return member.name || member.email
      return who.includes('@') ? who : t('kernel.ui.colleague')
    },
    [t, me, data],
  )
}
