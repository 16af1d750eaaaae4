import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Alert, AutoComplete, Form, FormDialog, useNotice } from '@/kernel/ui'
import { forgetTags, renameTag } from './queries'
import { useRuleTools } from './tools'
import type { TagItem } from './view'

interface RenameDialogProps {
  item: TagItem
  items: TagItem[]
  onClose: () => void
}

/** What a rename will do: to the people who have the tag, and to rules that ask about it. */
const Consequences = ({ item, items }: Omit<RenameDialogProps, 'onClose'>) => {
  const t = useT()
  const format = useFormats()
  const { usesOf } = useRuleTools()
  const to = (Form.useWatch('to', Form.useFormInstance<{ to: string }>()) ?? '').trim()
  const other = items.find(({ tag }) => tag === to && tag !== item.tag)
  const uses = usesOf('tag', item.tag).join(t('cdp.tags.listSeparator'))
  const people = { count: item.people, shown: format.count(item.people) }
  if (other) {
    return (
      <Alert
        type="warning"
        showIcon
        title={t('cdp.tags.rename.merges', { ...people, from: item.tag, to })}
        description={uses ? t('cdp.tags.rename.mergeUses', { names: uses }) : t('cdp.tags.rename.noWayBack')}
      />
    )
  }
  return (
    <Alert
      type="info"
      showIcon
      title={t('cdp.tags.rename.keeps', people)}
      description={uses ? t('cdp.tags.rename.uses', { names: uses }) : undefined}
    />
  )
}

/** Give a tag another name, or make it one with another tag. */
export const RenameDialog = ({ item, items, onClose }: RenameDialogProps) => {
  const t = useT()
  const notice = useNotice()
  const others = items.filter(({ tag }) => tag !== item.tag)
  return (
    <FormDialog
      title={t('cdp.tags.rename.title', { tag: item.tag })}
      verb={t('cdp.tags.rename.verb')}
      initial={{ to: item.tag }}
      send={({ to }: { to: string }) => renameTag(item.tag, to.trim())}
      onSent={async () => {
        await forgetTags()
        notice.success(t('cdp.tags.rename.done'))
        onClose()
      }}
      onClose={onClose}
    >
      <Form.Item
        name="to"
        label={t('cdp.tags.rename.to')}
        rules={[
          { required: true, whitespace: true, message: t('cdp.tags.form.tagLacks') },
          {
            validator: (_, to: string) =>
              to?.trim() === item.tag
                ? Promise.reject(new Error(t('cdp.tags.rename.same')))
                : Promise.resolve(),
          },
        ]}
        validateTrigger="onSubmit"
      >
        <AutoComplete
          options={others.map(({ tag }) => ({ value: tag }))}
          showSearch={{
            filterOption: (text, option) =>
              text !== item.tag && String(option?.value).toLowerCase().includes(text.toLowerCase()),
          }}
        />
      </Form.Item>
      <Consequences item={item} items={items} />
    </FormDialog>
  )
}
