import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Button, EmptyState, Input, Loaded, Panel, useConfirm, useNotice } from '@/kernel/ui'
import { PlusIcon } from '@/kernel/ui/icons'
import { CannedDialog } from '../canned-dialog'
import { deleteCanned } from '../canned-queries'
import { type Canned, cannedQuery, type Setup } from '../queries'
import styles from './setup.module.css'

/** Saved replies: what stands behind each slash, and how often it is used. */
export const CannedPanel = ({ setup, canWrite }: { setup: Setup; canWrite: boolean }) => {
  const t = useT()
  const notice = useNotice()
  const confirm = useConfirm()
  const client = useQueryClient()
  const query = useQuery(cannedQuery)
  const [typed, setTyped] = useState('')
  const [edited, setEdited] = useState<Canned | 'new' | null>(null)
  const deleting = useMutation({
    mutationFn: deleteCanned,
    onSuccess: () => client.invalidateQueries({ queryKey: cannedQuery.queryKey }),
    onError: (error) => notice.error(error.message),
  })
  const teams = new Map(setup.teams.map(({ team_id, name }) => [team_id, name]))
  const sought = typed.trim().toLowerCase()
  const fits = ({ shortcut, title, body }: Canned) =>
    `${shortcut} ${title} ${body}`.toLowerCase().includes(sought)
  const ask = (canned: Canned) =>
    confirm({
      title: t('operate.inbox.setup.canned.deleteAsk', { name: canned.title }),
      content: canned.body,
      verb: t('operate.inbox.setup.delete'),
      isDangerous: true,
      act: () => deleting.mutateAsync(canned.canned_id),
    })
  return (
    <Panel
      title={t('operate.inbox.setup.canned.title')}
      note={t('operate.inbox.composer.cannedHint', { open: '{{', close: '}}' })}
      actions={
        canWrite ? (
          <Button icon={<PlusIcon aria-hidden="true" />} onClick={() => setEdited('new')}>
            {t('operate.inbox.setup.canned.add')}
          </Button>
        ) : null
      }
    >
      <Loaded query={query} height={120}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('operate.inbox.setup.canned.none')} />
          ) : (
            <>
              <Input
                type="search"
                className={styles.search}
                allowClear
                value={typed}
                placeholder={t('operate.inbox.setup.canned.search')}
                aria-label={t('operate.inbox.setup.canned.search')}
                onChange={({ target }) => setTyped(target.value)}
              />
              <ul className={styles.rows}>
                {items.filter(fits).map((canned) => (
                  <li key={canned.canned_id} className={styles.row}>
                    <kbd>/{canned.shortcut}</kbd>
                    <span className={styles.main}>
                      <strong>{canned.title}</strong>
                      <span className={styles.body}>{canned.body}</span>
                    </span>
                    <span className={styles.hint}>
                      {teams.get(canned.team_id ?? 0) ?? t('operate.inbox.setup.everybody')} ·{' '}
                      {t('operate.inbox.setup.canned.uses', { count: canned.uses })}
                    </span>
                    {canWrite ? (
                      <span className={styles.tools}>
                        <Button size="small" onClick={() => setEdited(canned)}>
                          {t('operate.inbox.setup.change')}
                        </Button>
                        <Button size="small" onClick={() => ask(canned)}>
                          {t('operate.inbox.setup.delete')}
                        </Button>
                      </span>
                    ) : null}
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </Loaded>
      {edited ? (
        <CannedDialog
          canned={edited === 'new' ? undefined : edited}
          teams={setup.teams}
          onClose={() => setEdited(null)}
        />
      ) : null}
    </Panel>
  )
}
