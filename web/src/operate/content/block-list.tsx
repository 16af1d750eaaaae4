import { type DragEvent, useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Button, Dropdown, useUndo } from '@/kernel/ui'
import { CopyIcon, DeleteIcon, DownIcon, DragIcon, PlusIcon, UpIcon } from '@/kernel/ui/icons'
import { BlockFields } from './block-fields'
import styles from './content.module.css'
import { type Block, type BlockType, moved, newBlock, replaced } from './view'

interface BlockListProps {
  blocks: Block[]
  types: readonly BlockType[]
  language?: string
  onChange: (blocks: Block[]) => void
}

interface ToolsProps {
  index: number
  count: number
  onMove: (to: number) => void
  onCopy: () => void
  onRemove: () => void
}

const Tools = ({ index, count, onMove, onCopy, onRemove }: ToolsProps) => {
  const t = useT()
  const tools = [
    { name: 'up', icon: UpIcon, act: () => onMove(index - 1), isOff: index === 0 },
    { name: 'down', icon: DownIcon, act: () => onMove(index + 1), isOff: index === count - 1 },
    { name: 'copy', icon: CopyIcon, act: onCopy, isOff: false },
    { name: 'remove', icon: DeleteIcon, act: onRemove, isOff: false },
  ] as const
  return (
    <span className={styles.tools}>
      {tools.map(({ name, icon: Icon, act, isOff }) => (
        <Button
          key={name}
          size="small"
          type="text"
          icon={<Icon aria-hidden="true" />}
          title={t(`operate.content.block.${name}`)}
          aria-label={t(`operate.content.block.${name}`)}
          disabled={isOff}
          onClick={act}
        />
      ))}
    </span>
  )
}

/** Blocks below each other: each is dragged or moved with buttons, copied, taken away. */
export const BlockList = ({ blocks, types, language, onChange }: BlockListProps) => {
  const t = useT()
  const offerUndo = useUndo()
  const [dragged, setDragged] = useState<number | null>(null)
  const drop = (event: DragEvent, to: number) => {
    event.preventDefault()
    event.stopPropagation()
    if (dragged !== null && dragged !== to) onChange(moved(blocks, dragged, to))
    setDragged(null)
  }
  const remove = (at: number) => {
    onChange(blocks.filter((_, index) => index !== at))
    offerUndo({ text: t('operate.content.block.removed'), undo: async () => onChange(blocks) })
  }
  const add = {
    items: types.map((type) => ({ key: type, label: t(`operate.content.block.${type}`) })),
    onClick: ({ key }: { key: string }) => onChange([...blocks, newBlock(key as BlockType, language)]),
  }
  return (
    <>
      <ol className={styles.blocks}>
        {blocks.map((block, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: blocks have no other name than their place.
            key={index}
            className={styles.block}
            data-dragged={dragged === index || undefined}
            onDragOver={(event) => dragged !== null && event.preventDefault()}
            onDrop={(event) => drop(event, index)}
          >
            <div className={styles.blockHead}>
              <button
                type="button"
                draggable
                className={styles.handle}
                title={t('operate.content.block.drag')}
                onDragStart={(event) => {
                  event.stopPropagation()
                  setDragged(index)
                }}
                onDragEnd={() => setDragged(null)}
              >
                <DragIcon aria-hidden="true" />
                {t(`operate.content.block.${block.type}`)}
              </button>
              <Tools
                index={index}
                count={blocks.length}
                onMove={(to) => onChange(moved(blocks, index, to))}
                onCopy={() => onChange([...blocks.slice(0, index + 1), block, ...blocks.slice(index + 1)])}
                onRemove={() => remove(index)}
              />
            </div>
            <BlockFields block={block} onChange={(changed) => onChange(replaced(blocks, index, changed))} />
          </li>
        ))}
      </ol>
      <Dropdown menu={add} trigger={['click']}>
        <Button icon={<PlusIcon />}>{t('operate.content.block.add')}</Button>
      </Dropdown>
    </>
  )
}
