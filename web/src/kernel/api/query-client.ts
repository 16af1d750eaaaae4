import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './errors'

const RETRIES = 2

/** One cache for the whole app: a minute of freshness, retries only where they can help. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      retry: (failures, error) => failures < RETRIES && !(error instanceof ApiError && !error.isTransient),
    },
    mutations: { retry: false },
  },
})
