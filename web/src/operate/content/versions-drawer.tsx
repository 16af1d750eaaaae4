import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useActorName, useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, DateTime, Drawer, EmptyState, Loaded, useNotice } from '@/kernel/ui'
import styles from './content.module.css'
import { diffQuery, forgetTemplates, restoreVersion, versionsQuery } from './queries'

interface VersionsDrawerProps {
  templateId: number
  onRestored: () => void
  onClose: () => void
}

const said = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

const Differences = ({ templateId, number }: { templateId: number; number: number }) => {
  const t = useT()
  const query = useQuery(diffQuery(templateId, number))
  return (
    <Loaded query={query} height={60}>
      {({ items }) =>
        items.length === 0 ? (
          <p className={styles.hint}>{t('operate.content.sameAsDraft')}</p>
        ) : (
          <dl className={styles.differences}>
            {items.map(({ path, before, after }) => (
              <div key={path}>
                <dt>{path}</dt>
                {before === null ? null : <dd data-way="before">{said(before)}</dd>}
                {after === null ? null : <dd data-way="after">{said(after)}</dd>}
              </div>
            ))}
          </dl>
        )
      }
    </Loaded>
  )
}

/** What was published, when and by whom, and what has changed since. */
export const VersionsDrawer = ({ templateId, onRestored, onClose }: VersionsDrawerProps) => {
  const t = useT()
  const notice = useNotice()
  const actorName = useActorName()
  const canWrite = useCan('content:write')
  const query = useQuery(versionsQuery(templateId))
  const [shown, setShown] = useState<number | null>(null)
  const restoring = useMutation({
    mutationFn: ({ id }: { id: number; number: number }) => restoreVersion(id),
    onSuccess: async (_, { number }) => {
      await forgetTemplates()
      void notice.success(t('operate.content.restored', { number }))
      onRestored()
    },
    onError: (error) => void notice.error(error.message || t('kernel.ui.failed')),
  })
  return (
    <Drawer open title={t('operate.content.versions')} onClose={onClose} size="large">
      <Loaded query={query} height={200}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('operate.content.noVersions')} />
          ) : (
            <ol className={styles.versions}>
              {items.map(({ version_id: id, number, note, published_at: at, published_by: by }) => (
                <li key={id}>
                  <p>
                    <strong>{t('operate.content.version', { number })}</strong>{' '}
                    <span className={styles.hint}>
                      <DateTime at={at} /> · {actorName(by)}
                    </span>
                  </p>
                  {note ? <p>{note}</p> : null}
                  <span className={styles.row}>
                    <Button size="small" onClick={() => setShown(shown === number ? null : number)}>
                      {t('operate.content.compare')}
                    </Button>
                    {canWrite ? (
                      <Button
                        size="small"
                        loading={restoring.isPending}
                        onClick={() => restoring.mutate({ id, number })}
                      >
                        {t('operate.content.restore')}
                      </Button>
                    ) : null}
                  </span>
                  {shown === number ? <Differences templateId={templateId} number={number} /> : null}
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Drawer>
  )
}
