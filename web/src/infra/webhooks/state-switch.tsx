import { useMutation } from '@tanstack/react-query'
import { useT } from '@/kernel/i18n'
import { Switch, useNotice, useUndo } from '@/kernel/ui'
import { changeWebhook, refreshWebhooks, type Webhook } from './queries'
import styles from './webhooks.module.css'
import { hostOf } from './words'

/** Switch a webhook on or off; undone rather than asked about. */
export const useSwitching = () => {
  const t = useT()
  const notice = useNotice()
  const offerUndo = useUndo()
  const turn = async ({ webhook_id: id }: Webhook, isOn: boolean) => {
    await changeWebhook(id, { is_active: isOn })
    await refreshWebhooks()
  }
  return useMutation({
    mutationFn: ({ webhook, isOn }: { webhook: Webhook; isOn: boolean }) => turn(webhook, isOn),
    onSuccess: (_, { webhook, isOn }) => {
      const host = hostOf(webhook.url)
      if (isOn) void notice.success(t('infra.webhooks.switchedOn', { host }))
      else
        offerUndo({
          text: t('infra.webhooks.switchedOff', { host }),
          undo: () => turn(webhook, true),
          undone: t('infra.webhooks.switchedOn', { host }),
        })
    },
    onError: (error) => void notice.error(error.message || t('kernel.ui.failed')),
  })
}

/** Whether a webhook is on, in words. */
export const StateText = ({ webhook }: { webhook: Webhook }) => {
  const t = useT()
  if (webhook.is_active) return <span>{t('infra.webhooks.state.on')}</span>
  if (webhook.error) return <span className={styles.bad}>{t('infra.webhooks.state.failed')}</span>
  return <span className={styles.hint}>{t('infra.webhooks.state.off')}</span>
}

interface StateSwitchProps {
  webhook: Webhook
  canWrite: boolean
}

/** A webhook's state, and the switch to change it. */
export const StateSwitch = ({ webhook, canWrite }: StateSwitchProps) => {
  const t = useT()
  const switching = useSwitching()
  return (
    <span className={styles.state}>
      {canWrite ? (
        <Switch
          size="small"
          checked={webhook.is_active}
          loading={switching.isPending}
          aria-label={t('infra.webhooks.switch', { host: hostOf(webhook.url) })}
          onChange={(isOn) => switching.mutate({ webhook, isOn })}
        />
      ) : null}
      <StateText webhook={webhook} />
    </span>
  )
}
