import { useT } from '@/kernel/i18n'
import { Button, Dropdown } from '@/kernel/ui'
import { PlusIcon } from '@/kernel/ui/icons'
import { draftGroup, draftLeaf } from '../rule/draft'
import { freshLeaf } from '../rule/fresh'
import type { LeafType } from '../rule/types'
import { useBuilder } from './context'

const SECTIONS = [
  ['behavior', ['event', 'sequence']],
  ['portrait', ['trait', 'field', 'tag', 'layer', 'reachable']],
  ['origin', ['source', 'domain', 'referral']],
  ['set', ['segment', 'list', 'sample']],
] as const satisfies readonly (readonly [string, readonly LeafType[]])[]

/** Add a condition or a group at the end of a group. */
export const AddMenu = ({ groupId, isRoot }: { groupId: number; isRoot: boolean }) => {
  const t = useT()
  const { edit } = useBuilder()
  const items = SECTIONS.map(([section, types]) => ({
    key: section,
    type: 'group' as const,
    label: t(`cdp.segments.build.section.${section}`),
    children: types.map((type) => ({
      key: type,
      label: t(`cdp.segments.build.type.${type}`),
      onClick: () => edit({ type: 'add', groupId, node: draftLeaf(freshLeaf(type)) }),
    })),
  }))
  return (
    <>
      <Dropdown menu={{ items, style: { maxHeight: 420, overflow: 'auto' } }} trigger={['click']}>
        <Button icon={<PlusIcon />} aria-haspopup="menu" type={isRoot ? 'default' : 'text'}>
          {t('cdp.segments.build.addCondition')}
        </Button>
      </Dropdown>
      <Button
        type="text"
        icon={<PlusIcon />}
        onClick={() => edit({ type: 'add', groupId, node: draftGroup([], 'any') })}
      >
        {t('cdp.segments.build.addGroup')}
      </Button>
    </>
  )
}
