import { useT } from '@/kernel/i18n'
import { Modal } from '@/kernel/ui'
import styles from './inbox.module.css'
import { KEYS } from './keys'

/** What the keyboard can do. */
export const KeysDialog = ({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) => {
  const t = useT()
  return (
    <Modal open={isOpen} title={t('operate.inbox.keys.title')} footer={null} onCancel={onClose} width={380}>
      <dl className={styles.keys}>
        {Object.entries(KEYS).map(([key, deed]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`operate.inbox.keys.${deed}`)}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>Enter</kbd>
          </dt>
          <dd>{t('operate.inbox.keys.send')}</dd>
        </div>
        <div>
          <dt>
            <kbd>/</kbd>
          </dt>
          <dd>{t('operate.inbox.keys.canned')}</dd>
        </div>
        <div>
          <dt>
            <kbd>Esc</kbd>
          </dt>
          <dd>{t('operate.inbox.keys.leave')}</dd>
        </div>
      </dl>
    </Modal>
  )
}
