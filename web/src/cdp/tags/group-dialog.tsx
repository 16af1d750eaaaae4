import { useT } from '@/kernel/i18n'
import { Checkbox, Form, FormDialog, Input } from '@/kernel/ui'
import { forgetTags, saveGroup } from './queries'
import styles from './tags.module.css'
import type { GroupFields, TagGroup } from './view'

interface GroupDialogProps {
  group?: TagGroup
  onClose: () => void
}

/** A group of tags: its name, and whether somebody can have only one of them. */
export const GroupDialog = ({ group, onClose }: GroupDialogProps) => {
  const t = useT()
  return (
    <FormDialog
      title={t(group ? 'cdp.tags.editGroup' : 'cdp.tags.newGroup')}
      verb={t('cdp.tags.saveGroup')}
      initial={group ?? { name: '', is_exclusive: false }}
      send={({ name, is_exclusive }: GroupFields) => saveGroup(group?.group_id, { name, is_exclusive })}
      onSent={async () => {
        await forgetTags()
        onClose()
      }}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t('cdp.tags.form.groupName')}
        rules={[{ required: true, whitespace: true, message: t('cdp.tags.form.groupLacks') }]}
      >
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <Form.Item name="is_exclusive" valuePropName="checked">
        <Checkbox>{t('cdp.tags.form.exclusive')}</Checkbox>
      </Form.Item>
      <p className={styles.muted}>{t('cdp.tags.form.exclusiveHint')}</p>
    </FormDialog>
  )
}
