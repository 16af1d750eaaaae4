import { useT } from '@/kernel/i18n'
import { Button, Dropdown } from '@/kernel/ui'
import { MoreIcon } from '@/kernel/ui/icons'
import { useDeeds } from './deeds'
import type { Broadcast } from './types'

/** What is seldom done: copy it, throw a draft away. */
export const MoreMenu = ({ broadcast }: { broadcast: Broadcast }) => {
  const t = useT()
  const { duplicate, remove } = useDeeds(broadcast)
  const items = [
    { key: 'copy', label: t('operate.broadcasts.act.duplicate'), onClick: () => void duplicate() },
    ...(broadcast.state === 'draft'
      ? [{ key: 'delete', label: t('operate.broadcasts.act.delete'), danger: true, onClick: remove }]
      : []),
  ]
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <Button icon={<MoreIcon />} aria-label={t('operate.broadcasts.act.more')} />
    </Dropdown>
  )
}
