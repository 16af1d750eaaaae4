import { useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Checkbox, Form, FormDrawer, Input, Select } from '@/kernel/ui'
import { ColorPicker } from './color-picker'
import { ExpiryField } from './expiry-field'
import { forgetTags, saveTag } from './queries'
import { RuleSwitch, type RuleValue } from './rule-switch'
import styles from './tags.module.css'
import type { TagFields, TagGroup, TagItem } from './view'

/** A list of choices knows no null. */
const NO_GROUP = 0

interface Fields extends Omit<TagFields, 'rule' | 'group_id'> {
  group_id: number
  rule: RuleValue | null
}

const initialOf = (item: TagItem | undefined, groupId: number | null): Fields => ({
  tag: item?.tag ?? '',
  label: item?.label ?? '',
  description: item?.description ?? '',
  color: item?.color || 'slate',
  group_id: (item ? item.group_id : groupId) ?? NO_GROUP,
  expires_after_s: item?.expires_after_s ?? null,
  rule: item?.rule ? { rule: item.rule as unknown as NonNullable<RuleValue['rule']>, isWhole: true } : null,
  keeps_after_exit: item?.keeps_after_exit ?? false,
})

interface TagDrawerProps {
  /** The tag to change; none: a new one. */
  item?: TagItem
  /** The group that a new tag begins in. */
  groupId?: number | null
  groups: TagGroup[]
  onSaved: () => void
  onClose: () => void
}

const Content = ({ isNew, groups, hasTried }: { isNew: boolean; groups: TagGroup[]; hasTried: boolean }) => {
  const t = useT()
  const rule = Form.useWatch('rule', Form.useFormInstance<Fields>())
  const check = (_: unknown, value: RuleValue | null) =>
    value && !value.isWhole ? Promise.reject(new Error(t('cdp.tags.form.ruleLacks'))) : Promise.resolve()
  return (
    <>
      <div className={styles.pair}>
        <Form.Item
          name="tag"
          label={t('cdp.tags.form.tag')}
          rules={[{ required: true, whitespace: true, message: t('cdp.tags.form.tagLacks') }]}
        >
          <Input maxLength={100} autoComplete="off" disabled={!isNew} />
        </Form.Item>
        <Form.Item name="label" label={t('cdp.tags.form.label')}>
          <Input maxLength={100} autoComplete="off" placeholder={t('cdp.tags.form.labelHint')} />
        </Form.Item>
      </div>
      <div className={styles.pair}>
        <Form.Item name="group_id" label={t('cdp.tags.form.group')}>
          <Select<number>
            options={[
              { value: NO_GROUP, label: t('cdp.tags.noGroup') },
              ...groups.map(({ group_id: value, name }) => ({ value, label: name })),
            ]}
          />
        </Form.Item>
        <Form.Item name="color" label={t('cdp.tags.form.color')}>
          <ColorPicker />
        </Form.Item>
      </div>
      <Form.Item name="description" label={t('cdp.tags.form.description')}>
        <Input.TextArea maxLength={500} autoSize={{ minRows: 1, maxRows: 4 }} />
      </Form.Item>
      <Form.Item name="expires_after_s" label={t('cdp.tags.form.expiry')}>
        <ExpiryField />
      </Form.Item>
      <Form.Item name="rule" label={t('cdp.tags.form.rule')} rules={[{ validator: check }]}>
        <RuleSwitch showsGaps={hasTried} />
      </Form.Item>
      {rule ? (
        <Form.Item name="keeps_after_exit" valuePropName="checked">
          <Checkbox>{t('cdp.tags.form.keeps')}</Checkbox>
        </Form.Item>
      ) : null}
    </>
  )
}

/** What a tag is: its name, color and group, when it falls off, and which rule gives it. */
export const TagDrawer = ({ item, groupId = null, groups, onSaved, onClose }: TagDrawerProps) => {
  const t = useT()
  const isNew = item === undefined
  const [initial] = useState(() => initialOf(item, groupId))
  const [hasTried, setHasTried] = useState(false)
  const send = ({ rule, ...fields }: Partial<Fields>) => {
    const { rule: _, ...whole } = { ...initial, ...fields }
    const group = whole.group_id === NO_GROUP ? null : whole.group_id
    return saveTag({ ...whole, group_id: group, rule: rule?.rule ?? null }, item?.is_defined ?? false)
  }
  return (
    <FormDrawer<Fields, unknown>
      title={t(isNew ? 'cdp.tags.newTag' : 'cdp.tags.editTag')}
      verb={t('cdp.tags.saveTag')}
      initial={initial}
      width={820}
      send={send}
      onTried={() => setHasTried(true)}
      onSent={async () => {
        await forgetTags()
        onSaved()
      }}
      onClose={onClose}
    >
      <Content isNew={isNew} groups={groups} hasTried={hasTried} />
    </FormDrawer>
  )
}
