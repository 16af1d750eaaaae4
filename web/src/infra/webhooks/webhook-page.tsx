import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useActorName, useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Alert, Button, EmptyState, Loaded, Page, Panel } from '@/kernel/ui'
import { DeliveriesPanel } from './deliveries-panel'
import { segmentOptionsQuery, type Webhook, webhooksQuery } from './queries'
import { StateSwitch, useSwitching } from './state-switch'
import { useReasonText, useToldText } from './use-words'
import { WebhookActions } from './webhook-actions'
import styles from './webhooks.module.css'
import { hostOf } from './words'

const Off = ({ webhook, canWrite }: { webhook: Webhook; canWrite: boolean }) => {
  const t = useT()
  const reasonText = useReasonText()
  const switching = useSwitching()
  const on = canWrite ? (
    <Button
      type="primary"
      loading={switching.isPending}
      onClick={() => switching.mutate({ webhook, isOn: true })}
    >
      {t('infra.webhooks.off.on')}
    </Button>
  ) : null
  return (
    <Alert
      type={webhook.error ? 'error' : 'info'}
      showIcon
      title={webhook.error ? reasonText(webhook.error) : t('infra.webhooks.off.title')}
      description={t('infra.webhooks.off.text')}
      action={on}
    />
  )
}

const Facts = ({ webhook, canWrite }: { webhook: Webhook; canWrite: boolean }) => {
  const t = useT()
  const format = useFormats()
  const toldText = useToldText()
  const actorName = useActorName()
  const segments = useQuery(segmentOptionsQuery)
  const nameOf = (id: number) =>
    segments.data?.find(({ value }) => value === id)?.label ?? t('infra.webhooks.deleted', { id: String(id) })
  const { url, description, segment_ids: ids, created_at: at, created_by: who } = webhook
  return (
    <Panel title={t('infra.webhooks.facts.title')}>
      <dl className={styles.facts}>
        <dt>{t('infra.webhooks.column.address')}</dt>
        <dd>
          {url}
          {description ? <div className={styles.hint}>{description}</div> : null}
        </dd>
        <dt>{t('infra.webhooks.column.told')}</dt>
        <dd>{toldText(webhook)}</dd>
        {ids.length > 0 ? (
          <>
            <dt>{t('infra.webhooks.facts.segments')}</dt>
            <dd>
              {ids.map((id, place) => (
                <span key={id}>
                  {place > 0 ? ' · ' : null}
                  <Link to="/segments/$segmentId" params={{ segmentId: String(id) }}>
                    {nameOf(id)}
                  </Link>
                </span>
              ))}
            </dd>
          </>
        ) : null}
        <dt>{t('infra.webhooks.column.state')}</dt>
        <dd>
          <StateSwitch webhook={webhook} canWrite={canWrite} />
        </dd>
        <dt>{t('infra.webhooks.facts.made')}</dt>
        <dd>{t('infra.webhooks.facts.by', { at: format.instant(at), who: actorName(who) })}</dd>
      </dl>
    </Panel>
  )
}

/** One webhook: how it is set up, and everything it was told. */
const WebhookPage = () => {
  const t = useT()
  const canWrite = useCan('webhooks:write')
  const { webhookId } = useParams({ from: '/shell/settings/webhooks/$webhookId' })
  const query = useQuery(webhooksQuery)
  const id = Number(webhookId)
  const webhook = query.data?.items.find((each) => each.webhook_id === id)
  const above = (
    <>
      <Link to="/settings/webhooks">{t('infra.webhooks.title')}</Link> /
    </>
  )
  return (
    <Page
      title={webhook ? hostOf(webhook.url) : t('infra.webhooks.title')}
      above={above}
      tools={webhook && canWrite ? <WebhookActions webhook={webhook} /> : null}
    >
      <Loaded query={query} height={320}>
        {() =>
          webhook ? (
            <>
              {webhook.is_active ? null : <Off webhook={webhook} canWrite={canWrite} />}
              <Facts webhook={webhook} canWrite={canWrite} />
              <DeliveriesPanel webhookId={id} canSend={canWrite && webhook.is_active} />
            </>
          ) : (
            <EmptyState title={t('infra.webhooks.noSuch')} />
          )
        }
      </Loaded>
    </Page>
  )
}

export default WebhookPage
