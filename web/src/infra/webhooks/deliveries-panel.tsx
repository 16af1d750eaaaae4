import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import {
  Button,
  type Column,
  Copyable,
  DataTable,
  DateTime,
  EmptyState,
  Loaded,
  Modal,
  Panel,
  useNarrow,
  useNotice,
} from '@/kernel/ui'
import { ReloadIcon, ViewIcon } from '@/kernel/ui/icons'
import { type Message, messagesQuery, refreshWebhooks, retryMessage } from './queries'
import { useOutcomeText } from './use-words'
import styles from './webhooks.module.css'
import { aboutOf, prettyBody } from './words'

const shownState = ({ state, attempts }: Message) =>
  state === 'waiting' && attempts > 0 ? ('again' as const) : state

const State = ({ message }: { message: Message }) => {
  const t = useT()
  const state = shownState(message)
  return (
    <span>
      <span className={styles.dot} data-state={state} aria-hidden="true" />
      {t(`infra.webhooks.log.${state}`)}
    </span>
  )
}

const What = ({ message }: { message: Message }) => {
  const t = useT()
  const { personId, segment } = aboutOf(message.body)
  if (personId === null) return <>{t('infra.webhooks.log.ping')}</>
  const way = message.topic === 'segment.exited' ? 'exited' : 'entered'
  return (
    <span className={styles.stacked}>
      <Link to="/people/$personId" params={{ personId: String(personId) }}>
        {t('infra.webhooks.log.person', { id: String(personId) })}
      </Link>
      <span className={styles.hint}>{t(`infra.webhooks.log.${way}`, { segment: segment ?? '' })}</span>
    </span>
  )
}

const Answer = ({ message }: { message: Message }) => {
  const t = useT()
  const format = useFormats()
  const outcomeText = useOutcomeText()
  const text = outcomeText(message) ?? t('infra.webhooks.outcome.none')
  const isAgain = shownState(message) === 'again'
  return (
    <span className={styles.stacked} title={message.error ?? undefined}>
      <span>{text}</span>
      {isAgain ? (
        <span className={styles.hint}>
          {t('infra.webhooks.log.next', { at: format.ago(message.next_at) })}
        </span>
      ) : null}
    </span>
  )
}

interface DeliveriesProps {
  webhookId: number
  /** Whether messages can be sent again: by owners, while the webhook is on. */
  canSend: boolean
}

const useColumns = ({ webhookId, canSend }: DeliveriesProps, onShow: (message: Message) => void) => {
  const t = useT()
  const notice = useNotice()
  const isNarrow = useNarrow()
  const retry = useMutation({
    mutationFn: (messageId: number) => retryMessage(webhookId, messageId),
    onSuccess: async () => {
      await refreshWebhooks()
      notice.success(t('infra.webhooks.log.retried'))
    },
    onError: (error) => void notice.error(error.message || t('kernel.ui.failed')),
  })
  const columns: Column<Message>[] = [
    {
      key: 'state',
      title: t('infra.webhooks.log.state'),
      width: isNarrow ? 118 : 170,
      render: (message) => <State message={message} />,
    },
    {
      key: 'what',
      title: t('infra.webhooks.log.what'),
      render: (message) => <What message={message} />,
    },
    {
      key: 'when',
      title: t('infra.webhooks.log.when'),
      width: 130,
      isWideOnly: true,
      render: ({ created_at: at }) => <DateTime at={at} style="ago" />,
    },
    {
      key: 'attempts',
      title: t('infra.webhooks.log.attempts'),
      width: 90,
      isNumber: true,
      isWideOnly: true,
      render: ({ attempts }) => attempts,
    },
    {
      key: 'answer',
      title: t('infra.webhooks.log.answer'),
      width: 220,
      isWideOnly: true,
      render: (message) => <Answer message={message} />,
    },
    {
      key: 'actions',
      title: t('infra.webhooks.log.actions'),
      width: isNarrow ? 104 : 112,
      render: (message) => (
        <span className={styles.actions}>
          <Button
            type="text"
            icon={<ViewIcon aria-hidden="true" />}
            title={t('infra.webhooks.log.show')}
            aria-label={t('infra.webhooks.log.show')}
            onClick={() => onShow(message)}
          />
          {canSend && message.state !== 'delivered' ? (
            <Button
              type="text"
              icon={<ReloadIcon aria-hidden="true" />}
              title={t('infra.webhooks.log.retry')}
              aria-label={t('infra.webhooks.log.retry')}
              disabled={retry.isPending}
              onClick={() => retry.mutate(message.message_id)}
            />
          ) : null}
        </span>
      ),
    },
  ]
  return columns
}

/** What a webhook was told, and what came of it. */
export const DeliveriesPanel = (props: DeliveriesProps) => {
  const t = useT()
  const query = useInfiniteQuery(messagesQuery(props.webhookId))
  const [shown, setShown] = useState<Message | null>(null)
  const columns = useColumns(props, setShown)
  return (
    <Panel title={t('infra.webhooks.log.title')} note={t('infra.webhooks.log.note')} flush>
      <Loaded query={query} height={160}>
        {({ pages }) => (
          <DataTable
            label={t('infra.webhooks.log.title')}
            columns={columns}
            rows={pages.flatMap(({ items }) => items)}
            rowKey={({ message_id: id }) => id}
            rowHeight={52}
            empty={
              <EmptyState title={t('infra.webhooks.log.empty')}>
                {t('infra.webhooks.log.emptyHint')}
              </EmptyState>
            }
          />
        )}
      </Loaded>
      {query.hasNextPage ? (
        <div className={styles.more}>
          <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('infra.webhooks.log.more')}
          </Button>
        </div>
      ) : null}
      <Modal
        open={shown !== null}
        title={t('infra.webhooks.log.show')}
        footer={null}
        width={640}
        onCancel={() => setShown(null)}
      >
        {shown ? (
          <>
            <p>
              <State message={shown} /> · <Answer message={shown} />
            </p>
            <Copyable text={prettyBody(shown.body)} label={t('infra.webhooks.log.show')} />
          </>
        ) : null}
      </Modal>
    </Panel>
  )
}
