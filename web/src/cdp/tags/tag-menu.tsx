import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, Dropdown, useConfirm, useNotice, useUndo } from '@/kernel/ui'
import { MoreIcon } from '@/kernel/ui/icons'
import { deleteTag, forgetTags, saveTag } from './queries'
import { useRuleTools } from './tools'
import type { RuleBody, TagItem } from './view'

/** Delete a tag: at once and with an undo where nobody has it, else only when told what it means. */
const useRemoval = () => {
  const t = useT()
  const format = useFormats()
  const confirm = useConfirm()
  const notice = useNotice()
  const offerUndo = useUndo()
  const { usesOf } = useRuleTools()
  return (item: TagItem) => {
    const { tag, people } = item
    const remove = async () => {
      try {
        await deleteTag(tag)
      } catch (error) {
        notice.error(error instanceof Error && error.message ? error.message : t('kernel.ui.failed'))
        return
      }
      await forgetTags()
      const text = t('cdp.tags.remove.done', { tag })
      if (people > 0 && !item.rule) return void notice.success(text)
      const rule = item.rule as unknown as RuleBody | null
      offerUndo({ text, undo: () => saveTag({ ...item, rule }, false).then(forgetTags) })
    }
    const uses = usesOf('tag', tag)
    if (uses.length > 0) {
      const names = uses.join(t('cdp.tags.listSeparator'))
      return void notice.warning(t('cdp.tags.remove.uses', { tag, names }))
    }
    if (people === 0) return void remove()
    return confirm({
      title: t('cdp.tags.remove.title', { tag }),
      content: t(item.rule ? 'cdp.tags.remove.ruled' : 'cdp.tags.remove.people', {
        count: people,
        shown: format.count(people),
      }),
      verb: t('cdp.tags.remove.verb'),
      isDangerous: true,
      act: remove,
    })
  }
}

interface TagMenuProps {
  item: TagItem
  onEdit: () => void
  onRename: () => void
}

/** What can be done with a tag. */
export const TagMenu = ({ item, onEdit, onRename }: TagMenuProps) => {
  const t = useT()
  const remove = useRemoval()
  const items = [
    { key: 'edit', label: t(item.is_defined ? 'cdp.tags.edit' : 'cdp.tags.define'), onClick: onEdit },
    { key: 'rename', label: t('cdp.tags.rename.action'), onClick: onRename },
    { key: 'remove', label: t('cdp.tags.remove.action'), danger: true, onClick: () => remove(item) },
  ]
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <Button
        type="text"
        icon={<MoreIcon />}
        aria-haspopup="menu"
        aria-label={t('cdp.tags.moreOf', { name: item.label || item.tag })}
      />
    </Dropdown>
  )
}
