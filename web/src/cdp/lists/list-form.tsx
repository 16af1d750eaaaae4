import { useT } from '@/kernel/i18n'
import { Form, FormDialog, Input } from '@/kernel/ui'
import { addList, changeList, type PeopleList, refreshLists } from './queries'

interface Fields {
  name: string
  description: string
}

interface ListFormProps {
  /** The one to rename; a new one without. */
  list?: PeopleList
  onDone?: (list: PeopleList) => void
  onClose: () => void
}

/** Ask what a list is called. */
export const ListForm = ({ list, onDone, onClose }: ListFormProps) => {
  const t = useT()
  return (
    <FormDialog<Fields, PeopleList>
      title={t(list ? 'cdp.lists.form.editTitle' : 'cdp.lists.form.newTitle')}
      verb={t(list ? 'cdp.lists.form.save' : 'cdp.lists.form.create')}
      initial={list ? { name: list.name, description: list.description } : { description: '' }}
      send={(fields) => (list ? changeList(list.list_id, fields) : addList(fields))}
      onSent={async (saved) => {
        await refreshLists()
        onClose()
        onDone?.(saved)
      }}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t('cdp.lists.form.name')}
        rules={[{ required: true, whitespace: true, message: t('cdp.lists.form.nameNeeded') }]}
      >
        <Input
          autoFocus
          maxLength={200}
          autoComplete="off"
          placeholder={t('cdp.lists.form.namePlaceholder')}
        />
      </Form.Item>
      <Form.Item name="description" label={t('cdp.lists.form.description')}>
        <Input.TextArea maxLength={2000} autoSize={{ minRows: 2, maxRows: 6 }} />
      </Form.Item>
    </FormDialog>
  )
}
