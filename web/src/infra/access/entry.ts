import { queryOptions, useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api, type Me, unwrap } from '@/kernel/api'
import { refreshMe, rememberMe } from '@/kernel/auth'
import { adoptLocale } from '@/kernel/i18n'
import { safePath } from './safe-path'

const useEnter = () => {
  const navigate = useNavigate()
  return async (me: Me | null, next = '/') => {
    if (!me) return navigate({ to: '/login', search: { next: undefined } })
    await adoptLocale(me.user.locale)
    return navigate({ to: next })
  }
}

/** Sign in and go on to where one wanted to be. */
export const useLogin = (next: string | undefined) => {
  const enter = useEnter()
  return useMutation({
    mutationFn: (form: { email: string; password: string }) =>
      unwrap(api.POST('/api/auth/login', { body: form })),
    onSuccess: async (me) => {
      rememberMe(me)
      await enter(me, safePath(next))
    },
  })
}

/** What an invitation or a reset link is for. */
export const linkQuery = (token: string) =>
  queryOptions({
    queryKey: ['auth', 'link', token],
    queryFn: () => unwrap(api.POST('/api/auth/link', { body: { token } })),
    enabled: token !== '',
    retry: false,
  })

export interface SetupForm {
  token: string
  email: string
  name: string
  password: string
  workspace_name: string
}

/** Create the owner of a fresh installation. */
export const useSetup = () => {
  const enter = useEnter()
  return useMutation({
    mutationFn: (form: SetupForm) => unwrap(api.POST('/api/auth/setup', { body: form })),
    onSuccess: async () => enter(await refreshMe()),
  })
}

/** Take up an invitation or a reset link. */
export const useAccept = () => {
  const enter = useEnter()
  return useMutation({
    mutationFn: (form: { token: string; name?: string; password: string }) =>
      unwrap(api.POST('/api/auth/accept', { body: form })),
    onSuccess: async () => enter(await refreshMe()),
  })
}
