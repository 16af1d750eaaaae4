import { useT } from '@/kernel/i18n'
import { Button, Dropdown } from '@/kernel/ui'
import { DeleteIcon, DownIcon, DragIcon, MoreIcon, UpIcon } from '@/kernel/ui/icons'
import type { DraftNode } from '../rule/draft'
import { isGroup } from '../rule/draft'
import styles from './builder.module.css'
import { useBuilder } from './context'

interface NodeToolsProps {
  node: DraftNode
  /** What the condition is called, to tell its buttons from those of others. */
  name: string
}

/** Move, copy, group, take out: by mouse or keyboard alike. */
export const NodeTools = ({ node, name }: NodeToolsProps) => {
  const t = useT()
  const { edit } = useBuilder()
  const { id } = node
  const items = [
    {
      key: 'duplicate',
      label: t('cdp.segments.build.duplicate'),
      onClick: () => edit({ type: 'duplicate', id }),
    },
    { key: 'wrap', label: t('cdp.segments.build.wrap'), onClick: () => edit({ type: 'wrap', id }) },
    ...(isGroup(node)
      ? [
          {
            key: 'unwrap',
            label: t('cdp.segments.build.unwrap'),
            onClick: () => edit({ type: 'unwrap', id }),
          },
        ]
      : []),
  ]
  return (
    <span className={styles.tools}>
      <Button
        type="text"
        icon={<UpIcon />}
        data-tool={`up-${id}`}
        aria-label={t('cdp.segments.build.up', { name })}
        onClick={() => edit({ type: 'step', id, by: -1 })}
      />
      <Button
        type="text"
        icon={<DownIcon />}
        data-tool={`down-${id}`}
        aria-label={t('cdp.segments.build.down', { name })}
        onClick={() => edit({ type: 'step', id, by: 1 })}
      />
      <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
        <Button
          type="text"
          icon={<MoreIcon />}
          aria-haspopup="menu"
          aria-label={t('cdp.segments.build.more', { name })}
        />
      </Dropdown>
      <Button
        type="text"
        icon={<DeleteIcon />}
        aria-label={t('cdp.segments.build.remove', { name })}
        onClick={() => edit({ type: 'remove', id })}
      />
    </span>
  )
}

/** Where a condition is taken hold of with the mouse; the keyboard has its own buttons. */
export const Handle = ({ id }: { id: number }) => {
  const { drag } = useBuilder()
  return (
    <span
      className={styles.handle}
      draggable
      aria-hidden="true"
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData('text/plain', String(id))
        const row = event.currentTarget.closest('[data-node]')
        if (row) event.dataTransfer.setDragImage(row, 8, 8)
        drag(id)
      }}
      onDragEnd={() => drag(null)}
    >
      <DragIcon />
    </span>
  )
}
