import { useMutation } from '@tanstack/react-query'
import { ApiError, api, type Schemas, unwrap } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { Alert, Button, DomainDot, Form, Input, Panel } from '@/kernel/ui'
import styles from './sources.module.css'

interface Fields {
  url?: string
  referrer?: string
}

const Verdict = ({ match }: { match: Schemas['MatchOut'] }) => {
  const t = useT()
  if (!match.source_slug || !match.domain)
    return <p className={styles.verdict}>{t('cdp.sources.try.none')}</p>
  const clicks = Object.entries(match.click_ids ?? {})
    .map(([kind, value]) => `${kind} = ${value}`)
    .join(', ')
  return (
    <div className={styles.verdict} role="status">
      <p>
        <DomainDot domain={match.domain} /> · <code className={styles.code}>{match.source_slug}</code>
      </p>
      {match.rule_position === null ? null : (
        <p className={styles.hint}>{t('cdp.sources.try.rule', { position: match.rule_position })}</p>
      )}
      {match.campaign ? (
        <p className={styles.hint}>{t('cdp.sources.try.campaign', { campaign: match.campaign })}</p>
      ) : null}
      {clicks ? <p className={styles.hint}>{t('cdp.sources.try.clicks', { clicks })}</p> : null}
    </div>
  )
}

/** Which source and domain an address would get. */
export const TryPanel = () => {
  const t = useT()
  const ask = useMutation({
    mutationFn: ({ url = '', referrer = '' }: Fields) =>
      unwrap(api.POST('/api/sources/classify', { body: { url, referrer } as Schemas['EvidenceBody'] })),
  })
  return (
    <Panel title={t('cdp.sources.try.title')} note={t('cdp.sources.try.note')}>
      <Form<Fields> layout="vertical" requiredMark={false} onFinish={(fields) => ask.mutate(fields)}>
        <Form.Item name="url" label={t('cdp.sources.try.url')}>
          <Input placeholder="…/?utm_source=xiaohongshu&utm_medium=video" autoComplete="off" />
        </Form.Item>
        <Form.Item name="referrer" label={t('cdp.sources.try.referrer')}>
          <Input autoComplete="off" />
        </Form.Item>
        <Button htmlType="submit" loading={ask.isPending}>
          {t('cdp.sources.try.action')}
        </Button>
      </Form>
      {ask.data ? <Verdict match={ask.data} /> : null}
      {ask.error ? (
        <Alert
          role="alert"
          type="error"
          title={ask.error.message || t('kernel.ui.failed')}
          description={ask.error instanceof ApiError ? ask.error.hint : undefined}
        />
      ) : null}
    </Panel>
  )
}
