import { ApiError } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { Alert } from './primitives'

/** Why the server refused a form, above its button. */
export const Refusal = ({ error }: { error: unknown }) => {
  const t = useT()
  if (!error) return null
  const refusal = error instanceof ApiError ? error : null
  const fallback = refusal?.status === 0 ? t('kernel.ui.unreachable') : t('kernel.ui.failed')
  return (
    <Alert
      role="alert"
      type="error"
      title={refusal?.message || fallback}
      description={refusal?.hint}
      style={{ marginBottom: 16 }}
    />
  )
}
