import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, Dropdown, isTagColor, Panel, tagColor, useNotice, useUndo } from '@/kernel/ui'
import { MoreIcon, PlusIcon } from '@/kernel/ui/icons'
import { deleteGroup, forgetTags, saveGroup, saveTag } from './queries'
import { type TagActions, TagRow } from './tag-row'
import styles from './tags.module.css'
import type { RuleBody, TagGroup, TagItem } from './view'

/** How the people of an exclusive group fall into its tags. */
const Shares = ({ items }: { items: TagItem[] }) => {
  const all = items.reduce((sum, { people }) => sum + people, 0)
  if (all === 0) return null
  return (
    <div className={styles.shares} aria-hidden="true">
      {items
        .filter(({ people }) => people > 0)
        .map(({ tag, color, people }) => (
          <span
            key={tag}
            style={{ flexGrow: people, background: tagColor[isTagColor(color) ? color : 'slate'] }}
          />
        ))}
    </div>
  )
}

/** Take a group away; its tags stay, and an undo puts them back together. */
const useGroupRemoval = () => {
  const t = useT()
  const notice = useNotice()
  const offerUndo = useUndo()
  return async ({ group_id: id, ...group }: TagGroup, items: TagItem[]) => {
    try {
      await deleteGroup(id)
    } catch (error) {
      notice.error(error instanceof Error && error.message ? error.message : t('kernel.ui.failed'))
      return
    }
    await forgetTags()
    offerUndo({
      text: t('cdp.tags.groupGone', { name: group.name }),
      undo: async () => {
        const made = await saveGroup(undefined, group)
        for (const item of items) {
          const rule = item.rule as unknown as RuleBody | null
          await saveTag({ ...item, rule, group_id: made.group_id }, true)
        }
        await forgetTags()
      },
    })
  }
}

interface GroupPanelProps {
  group: TagGroup | null
  items: TagItem[]
  actions: TagActions
  onAdd: (groupId: number) => void
  onEditGroup: (group: TagGroup) => void
}

/** The tags of a group, or those in none. */
export const GroupPanel = ({ group, items, actions, onAdd, onEditGroup }: GroupPanelProps) => {
  const t = useT()
  const format = useFormats()
  const remove = useGroupRemoval()
  const name = group?.name ?? t('cdp.tags.noGroup')
  const all = items.reduce((sum, { people }) => sum + people, 0)
  const note = group?.is_exclusive
    ? t('cdp.tags.exclusiveNote', { count: all, shown: format.count(all) })
    : undefined
  const menu = group
    ? [
        { key: 'edit', label: t('cdp.tags.editGroup'), onClick: () => onEditGroup(group) },
        {
          key: 'remove',
          label: t('cdp.tags.deleteGroup'),
          danger: true,
          onClick: () => void remove(group, items),
        },
      ]
    : []
  return (
    <Panel
      title={name}
      note={note}
      flush
      actions={
        group && actions.canWrite ? (
          <>
            <Button
              type="text"
              icon={<PlusIcon />}
              aria-label={t('cdp.tags.addTo', { name })}
              title={t('cdp.tags.addTo', { name })}
              onClick={() => onAdd(group.group_id)}
            />
            <Dropdown menu={{ items: menu }} trigger={['click']} placement="bottomRight">
              <Button
                type="text"
                icon={<MoreIcon />}
                aria-haspopup="menu"
                aria-label={t('cdp.tags.moreOf', { name })}
              />
            </Dropdown>
          </>
        ) : null
      }
    >
      {group?.is_exclusive ? <Shares items={items} /> : null}
      {items.length > 0 ? (
        <ul className={styles.rows}>
          {items.map((item) => (
            <TagRow key={item.tag} item={item} actions={actions} />
          ))}
        </ul>
      ) : (
        <p className={styles.emptyGroup}>{t('cdp.tags.emptyGroup')}</p>
      )}
    </Panel>
  )
}
