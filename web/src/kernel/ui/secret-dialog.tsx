import { Copyable } from './copyable'
import { Modal } from './primitives'
import styles from './secret-dialog.module.css'

interface SecretDialogProps {
  title: string
  text: string
  label: string
  /** What is shown this once. */
  secret: string
  verb: string
  onClose: () => void
}

/** Something that is shown once, to be copied. */
export const SecretDialog = ({ title, text, label, secret, verb, onClose }: SecretDialogProps) => (
  <Modal
    open
    title={title}
    okText={verb}
    onOk={onClose}
    onCancel={onClose}
    cancelButtonProps={{ hidden: true }}
    mask={{ closable: false }}
  >
    <p className={styles.lead}>{text}</p>
    <Copyable text={secret} label={label} />
  </Modal>
)
