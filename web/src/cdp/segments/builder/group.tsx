import { Fragment, useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Select } from '@/kernel/ui'
import { type DraftGroup, isGroup } from '../rule/draft'
import { AddMenu } from './add-menu'
import styles from './builder.module.css'
import { useBuilder } from './context'
import { Handle, NodeTools } from './node-tools'
import { ConditionRow, Count, Remarks } from './row'

type Join = 'all' | 'any' | 'notAny' | 'notAll'

const JOINS: Readonly<Record<Join, { join: 'all' | 'any'; isDenied: boolean }>> = {
  all: { join: 'all', isDenied: false },
  any: { join: 'any', isDenied: false },
  notAny: { join: 'any', isDenied: true },
  notAll: { join: 'all', isDenied: true },
}

const joinOf = ({ join, isDenied }: DraftGroup): Join => {
  if (!isDenied) return join
  return join === 'any' ? 'notAny' : 'notAll'
}

/** A gap between conditions, into which one can be dropped. */
const DropPlace = ({ groupId, index }: { groupId: number; index: number }) => {
  const { dragged, drag, edit } = useBuilder()
  const [isOver, setIsOver] = useState(false)
  if (dragged === null) return null
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place for the mouse; the keyboard moves by buttons.
    <div
      className={styles.drop}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        edit({ type: 'move', id: dragged, groupId, index })
        drag(null)
      }}
    />
  )
}

interface GroupProps {
  group: DraftGroup
  depth?: number
}

const GroupHead = ({ group, isRoot }: { group: DraftGroup; isRoot: boolean }) => {
  const t = useT()
  const { edit } = useBuilder()
  return (
    <div className={styles.groupHead}>
      {isRoot ? null : <Handle id={group.id} />}
      <Select<Join>
        className={styles.join}
        // Inside a form it would take the whole line.
        style={{ width: 'auto' }}
        value={joinOf(group)}
        aria-label={t('cdp.segments.build.join')}
        popupMatchSelectWidth={false}
        options={(['all', 'any', 'notAny', 'notAll'] as const).map((each) => ({
          value: each,
          label: t(`cdp.segments.build.joins.${each}`),
        }))}
        onChange={(join) => edit({ type: 'join', id: group.id, ...JOINS[join] })}
      />
      {isRoot ? null : (
        <>
          <span className={styles.spring} />
          <Count id={group.id} />
          <NodeTools node={group} name={t('cdp.segments.build.group')} />
        </>
      )}
    </div>
  )
}

/** Conditions that hold together, or one for the other; groups may stand within. */
export const Group = ({ group, depth = 0 }: GroupProps) => {
  const t = useT()
  const { children } = group
  const word = t(group.join === 'all' ? 'cdp.segments.build.and' : 'cdp.segments.build.or')
  return (
    <fieldset
      className={styles.group}
      data-node={group.id}
      data-depth={depth % 3}
      data-denied={group.isDenied}
    >
      <legend className="visually-hidden">{t('cdp.segments.build.group')}</legend>
      <GroupHead group={group} isRoot={depth === 0} />
      <Remarks id={group.id} />
      <div className={styles.children}>
        <DropPlace groupId={group.id} index={0} />
        {children.map((child, index) => (
          <Fragment key={child.id}>
            {index > 0 ? (
              <span className={styles.joint} aria-hidden="true">
                {word}
              </span>
            ) : null}
            {isGroup(child) ? <Group group={child} depth={depth + 1} /> : <ConditionRow node={child} />}
            <DropPlace groupId={group.id} index={index + 1} />
          </Fragment>
        ))}
        {children.length === 0 ? <p className={styles.none}>{t('cdp.segments.build.emptyGroup')}</p> : null}
      </div>
      <div className={styles.add}>
        <AddMenu groupId={group.id} isRoot={depth === 0} />
      </div>
    </fieldset>
  )
}
