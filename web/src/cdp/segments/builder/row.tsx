import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Select } from '@/kernel/ui'
import type { DraftLeaf } from '../rule/draft'
import { gapsOf } from '../rule/gaps'
import styles from './builder.module.css'
import { LeafEditor } from './conditions/leaf-editor'
import { useBuilder } from './context'
import { Handle, NodeTools } from './node-tools'

/** What is wrong with a node, or what it still lacks. */
export const Remarks = ({ id, gaps = [] }: { id: number; gaps?: string[] }) => {
  const { problem, warnings } = useBuilder()
  const warning = warnings.get(id)
  const own = problem?.nodeId === id ? problem : null
  return (
    <>
      {own ? (
        <p role="alert" className={styles.problem}>
          {own.message} {own.hint}
        </p>
      ) : null}
      {gaps.length > 0 && !own ? <p className={styles.gap}>{gaps.join(' ')}</p> : null}
      {warning ? <p className={styles.warning}>{warning}</p> : null}
    </>
  )
}

/** How many meet a condition or a group by itself. */
export const Count = ({ id }: { id: number }) => {
  const t = useT()
  const format = useFormats()
  const count = useBuilder().counts.get(id)
  if (count === undefined) return null
  return (
    <span className={styles.count} title={t('cdp.segments.build.countHint')}>
      {t('cdp.segments.people', { count, shown: format.compact(count) })}
    </span>
  )
}

/** One condition: whether it must hold or must not, its controls, how many meet it. */
export const ConditionRow = ({ node }: { node: DraftLeaf }) => {
  const t = useT()
  const { edit, showsGaps } = useBuilder()
  const { id, leaf, isDenied } = node
  const name = t(`cdp.segments.build.type.${leaf.type}`)
  const gaps = showsGaps ? gapsOf(leaf).map((gap) => t(`cdp.segments.build.gap.${gap}`)) : []
  return (
    <fieldset className={styles.row} data-node={id} data-type={leaf.type}>
      <legend className="visually-hidden">{name}</legend>
      <div className={styles.rowHead}>
        <Handle id={id} />
        <Select<'yes' | 'no'>
          className={styles.deny}
          // Inside a form it would take the whole line.
          style={{ width: 'auto' }}
          variant="filled"
          value={isDenied ? 'no' : 'yes'}
          aria-label={t('cdp.segments.build.must')}
          options={[
            { value: 'yes', label: t('cdp.segments.build.meets') },
            { value: 'no', label: t('cdp.segments.build.fails') },
          ]}
          onChange={(side) => edit({ type: 'deny', id, isDenied: side === 'no' })}
        />
        <span className={styles.type}>{name}</span>
        <Count id={id} />
        <NodeTools node={node} name={name} />
      </div>
      <div className={styles.rowBody}>
        <LeafEditor leaf={leaf} onChange={(next) => edit({ type: 'leaf', id, leaf: next })} />
        <Remarks id={id} gaps={gaps} />
      </div>
    </fieldset>
  )
}
