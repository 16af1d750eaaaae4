import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import type { PersonRow } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { Form, FormDialog, Select, useNotice, useUndo } from '@/kernel/ui'
import styles from './lists.module.css'
import { addPeople, findPeopleQuery, refreshLists, undoAdding } from './queries'

interface Chosen {
  value: number
  label: string
}

type Added = Awaited<ReturnType<typeof addPeople>>

interface AddPeopleDialogProps {
  listId: number
  onClose: () => void
}

const nameOf = ({ id, name, identifiers }: PersonRow): string =>
  name?.trim() || identifiers[0]?.value || String(id)

const PeopleField = ({ value, onChange }: { value?: Chosen[]; onChange?: (people: Chosen[]) => void }) => {
  const t = useT()
  const [typed, setTyped] = useState('')
  const [isOpen, setIsOpen] = useState(false)
  const sought = useDeferredValue(typed.trim())
  const { data, isFetching } = useQuery(findPeopleQuery(sought))
  return (
    <Select<Chosen[], { value: number; label: string; note: string }>
      mode="multiple"
      labelInValue
      autoFocus
      value={value}
      loading={isFetching}
      // What is offered lies over the button of the dialog: it goes once somebody is chosen.
      open={isOpen}
      onOpenChange={setIsOpen}
      onSelect={() => setIsOpen(false)}
      aria-label={t('cdp.lists.add.people')}
      placeholder={t('cdp.lists.add.placeholder')}
      notFoundContent={sought.length < 2 || isFetching ? null : t('cdp.lists.add.none')}
      showSearch={{ onSearch: setTyped, filterOption: false }}
      options={data?.items.map((person) => ({
        value: person.id,
        label: nameOf(person),
        note: person.identifiers.map((each) => each.value).join(' · '),
      }))}
      optionRender={({ data: option }) => (
        <span className={styles.option}>
          {option.label}
          <span>{option.note}</span>
        </span>
      )}
      onChange={(people) => onChange?.(people)}
    />
  )
}

/** Put people on a list one by one; taken back as easily. */
export const AddPeopleDialog = ({ listId, onClose }: AddPeopleDialogProps) => {
  const t = useT()
  const notice = useNotice()
  const offerUndo = useUndo()
  const sent = async ({ action_id: id, changed }: Added) => {
    onClose()
    await refreshLists()
    if (changed === 0) {
      notice.info(t('cdp.lists.add.nothing'))
      return
    }
    offerUndo({
      text: t('cdp.lists.add.done', { count: changed }),
      undo: async () => {
        await undoAdding(id)
        await refreshLists()
      },
    })
  }
  return (
    <FormDialog<{ people: Chosen[] }, Added>
      title={t('cdp.lists.add.title')}
      verb={t('cdp.lists.add.verb')}
      initial={{ people: [] }}
      send={({ people }) =>
        addPeople(
          listId,
          people.map(({ value }) => value),
        )
      }
      onSent={sent}
      onClose={onClose}
    >
      <Form.Item
        name="people"
        label={t('cdp.lists.add.people')}
        extra={t('cdp.lists.add.hint')}
        rules={[{ required: true, type: 'array', min: 1, message: t('cdp.lists.add.needed') }]}
      >
        <PeopleField />
      </Form.Item>
    </FormDialog>
  )
}
