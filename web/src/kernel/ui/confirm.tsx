import { App } from 'antd'
import type { ReactNode } from 'react'
import { useT } from '@/kernel/i18n'

interface Question {
  title: string
  /** What will happen, and whether it can be taken back. */
  content: ReactNode
  /** The verb on the button; never just "OK". */
  verb: string
  isDangerous?: boolean
  act: () => Promise<unknown>
}

/** Ask before something that matters. The dialog stays open, busy, until the deed is done. */
export const useConfirm = () => {
  const { modal } = App.useApp()
  const t = useT()
  return ({ title, content, verb, isDangerous = false, act }: Question) => {
    modal.confirm({
      title,
      content,
      icon: null,
      okText: verb,
      okButtonProps: { danger: isDangerous },
      cancelText: t('kernel.ui.cancel'),
      autoFocusButton: isDangerous ? 'cancel' : 'ok',
      onOk: act,
    })
  }
}

/** Short notices at the top of the page. */
export const useNotice = () => App.useApp().message
