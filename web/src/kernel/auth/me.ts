import { queryOptions, useQuery } from '@tanstack/react-query'
import { ApiError, api, type Me, queryClient, setCsrfToken, unwrap, type Workspace } from '@/kernel/api'

const fetchMe = async (): Promise<Me | null> => {
  try {
    const me = await unwrap(api.GET('/api/auth/me'))
    setCsrfToken(me.csrf_token)
    return me
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null
    throw error
  }
}

/** Who is signed in, or null. */
export const meQuery = queryOptions({
  queryKey: ['auth', 'me'],
  queryFn: fetchMe,
  staleTime: 5 * 60_000,
})

/** Take up a session that the server has just answered with, and drop what an earlier user had seen. */
export const rememberMe = (me: Me | null) => {
  setCsrfToken(me?.csrf_token ?? null)
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'auth' })
  queryClient.setQueryData(meQuery.queryKey, me)
}

/** Ask the server again who is signed in, after something about the session changed. */
export const refreshMe = async (): Promise<Me | null> => {
  rememberMe(await fetchMe())
  return queryClient.getQueryData(meQuery.queryKey) ?? null
}

export const useMe = (): Me | null => useQuery(meQuery).data ?? null

export const useWorkspace = (): Workspace | null => useMe()?.workspace ?? null

/** Whether the signed-in user holds a permission, such as "people:write". */
export const useCan = (permission: string): boolean => useMe()?.permissions.includes(permission) ?? false
