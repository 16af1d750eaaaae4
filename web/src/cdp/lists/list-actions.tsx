import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, Dropdown, useConfirm, useNotice } from '@/kernel/ui'
import { ExportIcon, MoreIcon, PlusIcon } from '@/kernel/ui/icons'
import { AddPeopleDialog } from './add-people-dialog'
import { ListForm } from './list-form'
import { deleteList, exportAddress, type PeopleList, refreshLists } from './queries'

/** What can be done with a list. */
export const ListActions = ({ list }: { list: PeopleList }) => {
  const t = useT()
  const confirm = useConfirm()
  const notice = useNotice()
  const navigate = useNavigate()
  const canWrite = useCan('segments:write')
  const canAdd = useCan('people:write')
  const canExport = useCan('people:read')
  const [asked, setAsked] = useState<'add' | 'rename' | null>(null)
  const { list_id: id, name } = list
  const remove = async () => {
    try {
      await deleteList(id)
    } catch (error) {
      notice.error(error instanceof Error && error.message ? error.message : t('kernel.ui.failed'), 8)
      return
    }
    await navigate({ to: '/lists' })
    await refreshLists()
    notice.success(t('cdp.lists.remove.done'))
  }
  const items = [
    { key: 'rename', label: t('cdp.lists.rename'), onClick: () => setAsked('rename') },
    {
      key: 'remove',
      label: t('cdp.lists.remove.action'),
      danger: true,
      onClick: () =>
        confirm({
          title: t('cdp.lists.remove.title', { name }),
          content: t('cdp.lists.remove.text'),
          verb: t('cdp.lists.remove.verb'),
          isDangerous: true,
          act: remove,
        }),
    },
  ]
  return (
    <>
      {canExport ? (
        <Button icon={<ExportIcon aria-hidden="true" />} href={exportAddress(id)} download>
          {t('cdp.lists.export')}
        </Button>
      ) : null}
      {canAdd ? (
        <Button type="primary" icon={<PlusIcon aria-hidden="true" />} onClick={() => setAsked('add')}>
          {t('cdp.lists.add.action')}
        </Button>
      ) : null}
      {canWrite ? (
        <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
          <Button
            icon={<MoreIcon aria-hidden="true" />}
            aria-haspopup="menu"
            aria-label={t('cdp.lists.more')}
          />
        </Dropdown>
      ) : null}
      {asked === 'add' ? <AddPeopleDialog listId={id} onClose={() => setAsked(null)} /> : null}
      {asked === 'rename' ? <ListForm list={list} onClose={() => setAsked(null)} /> : null}
    </>
  )
}
