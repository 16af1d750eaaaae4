import { App, Button } from 'antd'
import { useT } from '@/kernel/i18n'
import styles from './undo.module.css'

const UNDO_SECONDS = 8

interface Deed {
  /** What has been done. */
  text: string
  /** Takes it back. */
  undo: () => Promise<unknown>
  /** What to say once it has been taken back. */
  undone?: string
}

let lastDeed = 0

/** Tell what has been done, with a button that takes it back: better than asking before. */
export const useUndo = () => {
  const { message } = App.useApp()
  const t = useT()
  return ({ text, undo, undone }: Deed) => {
    lastDeed += 1
    const key = `undo-${lastDeed}`
    const takeBack = async () => {
      message.open({ key, type: 'loading', duration: 0, content: t('kernel.ui.undoing') })
      try {
        await undo()
        message.open({ key, type: 'success', content: undone ?? t('kernel.ui.undone') })
      } catch (error) {
        const said = error instanceof Error ? error.message : ''
        message.open({ key, type: 'error', content: said || t('kernel.ui.failed') })
      }
    }
    const content = (
      <span className={styles.told}>
        <span>{text}</span>
        <Button size="small" onClick={() => void takeBack()}>
          {t('kernel.ui.undo')}
        </Button>
      </span>
    )
    message.open({ key, type: 'success', duration: UNDO_SECONDS, content })
  }
}
