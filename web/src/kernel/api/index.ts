export { api, setCsrfToken, unwrap, whenSignedOut } from './client'
export { ApiError } from './errors'
export { queryClient } from './query-client'
export type * from './types'
