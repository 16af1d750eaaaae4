import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Button, Dropdown, SecretDialog, useConfirm, useNotice } from '@/kernel/ui'
import { EditIcon, MoreIcon, SendIcon } from '@/kernel/ui/icons'
import { deleteWebhook, ping, refreshWebhooks, renewSecret, type Webhook } from './queries'
import { useOutcomeText } from './use-words'
import { WebhookForm } from './webhook-form'
import { hostOf } from './words'

const usePing = (webhookId: number) => {
  const t = useT()
  const notice = useNotice()
  const outcomeText = useOutcomeText()
  return useMutation({
    mutationFn: () => ping(webhookId),
    onSuccess: async (message) => {
      await refreshWebhooks()
      const { state, status } = message
      if (state === 'delivered')
        notice.success(t('infra.webhooks.ping.taken', { status: String(status ?? '') }))
      else if (state === 'waiting') notice.info(t('infra.webhooks.ping.waiting'))
      else notice.warning(t('infra.webhooks.ping.refused', { reason: outcomeText(message) ?? '' }), 8)
    },
    onError: (error) => void notice.error(error.message || t('kernel.ui.failed')),
  })
}

/** What can be done with a webhook. */
export const WebhookActions = ({ webhook }: { webhook: Webhook }) => {
  const t = useT()
  const confirm = useConfirm()
  const notice = useNotice()
  const navigate = useNavigate()
  const { webhook_id: id, url, is_active: isActive } = webhook
  const host = hostOf(url)
  const sending = usePing(id)
  const [isEditing, setIsEditing] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  // A dialog that stays open over a failure would hide what went wrong.
  const trying = (deed: () => Promise<unknown>) => async () => {
    try {
      await deed()
    } catch (error) {
      notice.error(error instanceof Error && error.message ? error.message : t('kernel.ui.failed'))
    }
  }
  const renew = () =>
    confirm({
      title: t('infra.webhooks.secret.renewTitle'),
      content: t('infra.webhooks.secret.renewText'),
      verb: t('infra.webhooks.secret.renewVerb'),
      act: trying(async () => setSecret((await renewSecret(id)).secret)),
    })
  const remove = () =>
    confirm({
      title: t('infra.webhooks.remove.title', { host }),
      content: t('infra.webhooks.remove.text'),
      verb: t('infra.webhooks.remove.verb'),
      isDangerous: true,
      act: trying(async () => {
        await deleteWebhook(id)
        await navigate({ to: '/settings/webhooks' })
        await refreshWebhooks()
        notice.success(t('infra.webhooks.remove.done'))
      }),
    })
  const items = [
    { key: 'secret', label: t('infra.webhooks.secret.renew'), onClick: renew },
    { key: 'remove', label: t('infra.webhooks.remove.action'), danger: true, onClick: remove },
  ]
  return (
    <>
      <Button
        icon={<SendIcon aria-hidden="true" />}
        loading={sending.isPending}
        disabled={!isActive}
        onClick={() => sending.mutate()}
      >
        {t('infra.webhooks.ping.action')}
      </Button>
      <Button icon={<EditIcon aria-hidden="true" />} onClick={() => setIsEditing(true)}>
        {t('infra.webhooks.edit')}
      </Button>
      <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
        <Button
          icon={<MoreIcon aria-hidden="true" />}
          aria-haspopup="menu"
          aria-label={t('infra.webhooks.more')}
        />
      </Dropdown>
      {isEditing ? <WebhookForm webhook={webhook} onClose={() => setIsEditing(false)} /> : null}
      {secret ? (
        <SecretDialog
          title={t('infra.webhooks.secret.title')}
          text={t('infra.webhooks.secret.text')}
          label={t('infra.webhooks.secret.label')}
          secret={secret}
          verb={t('infra.webhooks.secret.done')}
          onClose={() => setSecret(null)}
        />
      ) : null}
    </>
  )
}
