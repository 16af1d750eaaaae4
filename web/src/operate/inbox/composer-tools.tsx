import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useRef, useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, Dropdown, useNotice } from '@/kernel/ui'
import { AutoReplyIcon, PlusIcon, UploadIcon } from '@/kernel/ui/icons'
import { CouponDialog } from './coupon-dialog'
import { type Extra, fileExtra } from './extras'
import { OrderDialog } from './order-dialog'
import { ProductDialog } from './product-dialog'
import { attach, draftAnswer, type Thread } from './queries'
import { TemplateDialog } from './template-dialog'

type Dialog = 'library' | 'product' | 'coupon' | 'order' | 'template'

/** A picture of the media library, as the page's own dialog gives it. */
export type Library = (props: {
  onPick: (item: Parameters<typeof fileExtra>[0]) => void
  onClose: () => void
}) => ReactNode

interface ComposerToolsProps {
  thread: Thread
  text: string
  library: Library
  onExtra: (extra: Extra) => void
  onText: (text: string) => void
  onTemplate: (versionId: number, name: string) => void
  onKeep: () => void
}

const useUpload = (onExtra: (extra: Extra) => void) => {
  const notice = useNotice()
  return useMutation({
    mutationFn: attach,
    onSuccess: (stored) => onExtra(fileExtra(stored)),
    onError: (error) => notice.error(error.message),
  })
}

/** A draft, put where the agent reads and changes it; what is typed already stays above it. */
const useDraft = (id: number, onText: (text: string) => void) => {
  const t = useT()
  const notice = useNotice()
  return useMutation({
    mutationFn: () => draftAnswer(id),
    onSuccess: (text) => {
      onText(text)
      notice.info(t('operate.inbox.draft.made'))
    },
    onError: (error: Error & { hint?: string | null }) =>
      notice.error([error.message, error.hint].filter(Boolean).join(' ')),
  })
}

/** Files, cards, orders, templates and drafts, under the field. */
export const ComposerTools = (props: ComposerToolsProps) => {
  const { thread, text, library, onExtra, onText, onTemplate, onKeep } = props
  const t = useT()
  const chooser = useRef<HTMLInputElement>(null)
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const canSeeOrders = useCan('orders:read')
  const canSeeContent = useCan('content:read')
  const uploading = useUpload(onExtra)
  const { conversation_id: id, person_id: personId, channel } = thread.conversation
  const drafting = useDraft(id, onText)
  const close = () => setDialog(null)
  const items = [
    canSeeContent ? { key: 'library', label: t('operate.inbox.tools.library') } : null,
    canSeeOrders ? { key: 'product', label: t('operate.inbox.tools.product') } : null,
    canSeeOrders ? { key: 'coupon', label: t('operate.inbox.tools.coupon') } : null,
    canSeeOrders ? { key: 'order', label: t('operate.inbox.tools.order') } : null,
    canSeeContent ? { key: 'template', label: t('operate.inbox.tools.template') } : null,
    { key: 'keep', label: t('operate.inbox.composer.newCanned'), disabled: !text.trim() },
  ].filter((item) => item !== null)
  return (
    <>
      <input
        ref={chooser}
        type="file"
        hidden
        aria-label={t('operate.inbox.tools.attach')}
        onChange={({ target }) => {
          for (const file of target.files ?? []) uploading.mutate(file)
          target.value = ''
        }}
        multiple
      />
      <Button
        size="small"
        type="text"
        icon={<UploadIcon aria-hidden="true" />}
        loading={uploading.isPending}
        title={t('operate.inbox.tools.attach')}
        aria-label={t('operate.inbox.tools.attach')}
        onClick={() => chooser.current?.click()}
      />
      <Dropdown
        trigger={['click']}
        menu={{ items, onClick: ({ key }) => (key === 'keep' ? onKeep() : setDialog(key as Dialog)) }}
      >
        <Button size="small" type="text" icon={<PlusIcon aria-hidden="true" />} aria-haspopup="menu">
          {t('operate.inbox.tools.insert')}
        </Button>
      </Dropdown>
      {thread.has_drafts ? (
        <Button
          size="small"
          type="text"
          icon={<AutoReplyIcon aria-hidden="true" />}
          loading={drafting.isPending}
          onClick={() => drafting.mutate()}
        >
          {t('operate.inbox.draft.ask')}
        </Button>
      ) : null}
      {dialog === 'library'
        ? library({
            onPick: (item) => {
              onExtra(fileExtra(item))
              close()
            },
            onClose: close,
          })
        : null}
      {dialog === 'product' ? <ProductDialog onPick={onExtra} onClose={close} /> : null}
      {dialog === 'coupon' ? <CouponDialog onPick={onExtra} onClose={close} /> : null}
      {dialog === 'order' ? (
        <OrderDialog personId={personId} onText={onText} onPick={onExtra} onClose={close} />
      ) : null}
      {dialog === 'template' ? (
        <TemplateDialog
          channel={channel}
          onClose={close}
          onPick={(versionId, name) => {
            onTemplate(versionId, name)
            close()
          }}
        />
      ) : null}
    </>
  )
}
