import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useActorName, useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import {
  Button,
  type Column,
  DataTable,
  DateTime,
  EmptyState,
  Loaded,
  Page,
  Panel,
  useNarrow,
} from '@/kernel/ui'
import { UndoIcon } from '@/kernel/ui/icons'
import styles from './bulk.module.css'
import { useUndoing } from './bulk-notices'
import { type Action, actionsQuery, isGoing } from './queries'
import { useActionWords } from './use-words'
import { listOf } from './words'

const State = ({ action }: { action: Action }) => {
  const t = useT()
  const { note } = useActionWords()
  const actorName = useActorName()
  const text = t(`cdp.bulk.status.${action.status}`)
  const beneath = action.status === 'undone' && action.undone_by ? actorName(action.undone_by) : note(action)
  return (
    <span className={styles.stacked}>
      <span className={action.status === 'failed' ? styles.bad : undefined}>{text}</span>
      {beneath && action.status !== 'done' ? <span className={styles.beneath}>{beneath}</span> : null}
    </span>
  )
}

const useColumns = (): Column<Action>[] => {
  const t = useT()
  const format = useFormats()
  const isNarrow = useNarrow()
  const actorName = useActorName()
  const canWrite = useCan('people:write')
  const undoing = useUndoing()
  const { sentence, note } = useActionWords()
  return [
    {
      key: 'what',
      title: t('cdp.bulk.column.what'),
      render: (action) => {
        const listId = listOf(action)
        const text = sentence(action)
        const beneath = action.status === 'done' ? note(action) : null
        return (
          <span className={styles.stacked} title={text}>
            {listId ? (
              <Link to="/lists/$listId" params={{ listId: String(listId) }}>
                {text}
              </Link>
            ) : (
              <span>{text}</span>
            )}
            <span className={styles.beneath}>
              {isNarrow ? `${actorName(action.created_by)} · ${format.ago(action.created_at)}` : beneath}
            </span>
          </span>
        )
      },
    },
    {
      key: 'people',
      title: t('cdp.bulk.column.people'),
      width: 96,
      isNumber: true,
      isWideOnly: true,
      render: ({ people }) => format.count(people),
    },
    {
      key: 'who',
      title: t('cdp.bulk.column.who'),
      width: 150,
      isWideOnly: true,
      render: ({ created_by: who }) => actorName(who),
    },
    {
      key: 'when',
      title: t('cdp.bulk.column.when'),
      width: 130,
      isWideOnly: true,
      render: ({ created_at: at }) => <DateTime at={at} style="ago" />,
    },
    {
      key: 'state',
      title: t('cdp.bulk.column.state'),
      width: 180,
      isWideOnly: true,
      render: (action) => <State action={action} />,
    },
    {
      key: 'undo',
      title: t('cdp.bulk.column.undo'),
      width: isNarrow ? 108 : 120,
      render: (action) => {
        if (!canWrite || !action.is_undoable || (action.changed === 0 && !isGoing(action)))
          return isNarrow ? <State action={action} /> : null
        return (
          <Button
            icon={<UndoIcon aria-hidden="true" />}
            disabled={action.status === 'undoing'}
            loading={undoing.isPending && undoing.variables === action.action_id}
            onClick={() => undoing.mutate(action.action_id)}
          >
            {t('kernel.ui.undo')}
          </Button>
        )
      },
    },
  ]
}

/** What was done to many people at once, and the way back. */
const BulkHistoryPage = () => {
  const t = useT()
  const query = useInfiniteQuery(actionsQuery)
  const columns = useColumns()
  const above = (
    <>
      <Link to="/people">{t('cdp.bulk.peopleTitle')}</Link> /
    </>
  )
  return (
    <Page title={t('cdp.bulk.historyTitle')} above={above}>
      <Panel title={t('cdp.bulk.historyTitle')} note={t('cdp.bulk.historyNote')} flush>
        <Loaded query={query} height={240}>
          {({ pages }) => (
            <DataTable
              label={t('cdp.bulk.historyTitle')}
              columns={columns}
              rows={pages.flatMap(({ items }) => items)}
              rowKey={({ action_id: id }) => id}
              rowHeight={54}
              empty={<EmptyState title={t('cdp.bulk.empty')}>{t('cdp.bulk.emptyHint')}</EmptyState>}
            />
          )}
        </Loaded>
        {query.hasNextPage ? (
          <div className={styles.more}>
            <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('cdp.bulk.earlier')}
            </Button>
          </div>
        ) : null}
      </Panel>
    </Page>
  )
}

export default BulkHistoryPage
