import { Button, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { ApiError } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import styles from './states.module.css'

interface EmptyStateProps {
  title: string
  /** What to do first. */
  children?: ReactNode
  action?: ReactNode
}

/** Nothing here yet, and what to do about it. */
export const EmptyState = ({ title, children, action }: EmptyStateProps) => (
  <div className={styles.state}>
    <p className={styles.title}>{title}</p>
    {children ? <div className={styles.text}>{children}</div> : null}
    {action ? <div className={styles.action}>{action}</div> : null}
  </div>
)

interface ErrorStateProps {
  error: unknown
  onRetry?: () => void
}

/** What went wrong, in the server's own words, and the way on. */
export const ErrorState = ({ error, onRetry }: ErrorStateProps) => {
  const t = useT()
  const refusal = error instanceof ApiError ? error : null
  const fallback = refusal?.status === 0 ? t('kernel.ui.unreachable') : t('kernel.ui.failed')
  return (
    <div className={styles.state} role="alert">
      <p className={styles.title}>{refusal?.message || fallback}</p>
      {refusal?.hint ? <p className={styles.text}>{refusal.hint}</p> : null}
      {refusal?.status ? <p className={styles.code}>{`${refusal.status} · ${refusal.code}`}</p> : null}
      {onRetry ? (
        <div className={styles.action}>
          <Button onClick={onRetry}>{t('kernel.ui.retry')}</Button>
        </div>
      ) : null}
    </div>
  )
}

interface LoadingProps {
  rows?: number
  height?: number
}

/** The place of something on its way. */
export const Loading = ({ rows = 4, height }: LoadingProps) => {
  const t = useT()
  return (
    <div role="status" aria-label={t('kernel.ui.loading')} style={{ minHeight: height }}>
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  )
}

interface LoadedProps<Data> {
  query: { data: Data | undefined; error: unknown; isPending: boolean; refetch: () => unknown }
  height?: number
  children: (data: Data) => ReactNode
}

/** Content once it has come; until then its place, and if it fails, why. */
export const Loaded = <Data,>({ query, height, children }: LoadedProps<Data>) => {
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  return <Loading height={height} />
}
