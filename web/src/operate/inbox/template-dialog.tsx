import { useQuery } from '@tanstack/react-query'
import { useT } from '@/kernel/i18n'
import { EmptyState, Loaded, Modal } from '@/kernel/ui'
import styles from './inbox.module.css'
import { templatesQuery } from './queries'

interface TemplateDialogProps {
  channel: string
  onPick: (versionId: number, name: string) => void
  onClose: () => void
}

/** Published templates of the channel; one is filled with what is known of the person, and sent. */
export const TemplateDialog = ({ channel, onPick, onClose }: TemplateDialogProps) => {
  const t = useT()
  const query = useQuery(templatesQuery)
  return (
    <Modal open title={t('operate.inbox.template.title')} footer={null} onCancel={onClose} width={480}>
      <p className={styles.excerpt}>{t('operate.inbox.template.note')}</p>
      <Loaded query={query} height={160}>
        {({ items }) => {
          const fit = items.filter((each) => each.channel === channel && each.published_id !== null)
          return fit.length === 0 ? (
            <EmptyState title={t('operate.inbox.template.none')} />
          ) : (
            <ul className={styles.picks}>
              {fit.map(({ template_id, name, published_id }) => (
                <li key={template_id}>
                  <button
                    type="button"
                    className={styles.pick}
                    onClick={() => published_id && onPick(published_id, name)}
                  >
                    <span className={styles.name}>{name}</span>
                    <span className={styles.when}>{t('operate.inbox.template.send')}</span>
                  </button>
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
    </Modal>
  )
}
