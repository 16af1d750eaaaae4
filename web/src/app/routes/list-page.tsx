import { BulkBar } from '@/cdp/bulk/bulk-bar'
import { ListPage } from '@/cdp/lists/list-page'
import { PeopleTable } from '@/cdp/people/people-table'
import { useT } from '@/kernel/i18n'
import { EmptyState } from '@/kernel/ui'

const Members = ({ listId }: { listId: number }) => {
  const t = useT()
  return (
    <PeopleTable
      search={{ list_id: listId }}
      isCompact
      label={t('cdp.lists.title')}
      empty={<EmptyState title={t('cdp.lists.noMembers')}>{t('cdp.lists.noMembersHint')}</EmptyState>}
      bar={(chosen) => <BulkBar {...chosen} listId={listId} />}
    />
  )
}

/** One list with its people. */
const ListRoute = () => <ListPage members={(listId) => <Members listId={listId} />} />

export default ListRoute
