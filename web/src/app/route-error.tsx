import type { ErrorComponentProps } from '@tanstack/react-router'
import { ErrorState } from '@/kernel/ui'

/** A page that could not be shown. Loading it anew also fetches a newly released version. */
export const RouteError = ({ error }: ErrorComponentProps) => (
  <ErrorState error={error} onRetry={() => location.reload()} />
)
