import { type CSSProperties, useCallback, useRef } from 'react'
import { useT } from '@/kernel/i18n'
import { Button, Form, Input } from '@/kernel/ui'
import { DeleteIcon, DownIcon, UpIcon } from '@/kernel/ui/icons'
import { rungShade } from './ladder'
import styles from './layers.module.css'
import { useRuleTools } from './tools'
import type { DraftClass, RuleBody } from './view'

interface ClassEditorProps {
  each: DraftClass
  rung: number
  rungs: number
  isOpen: boolean
  hasTried: boolean
  error: unknown
  onOpen: () => void
  onName: (name: string) => void
  onRule: (rule: RuleBody, isWhole: boolean) => void
  /** Up is higher on the ladder. */
  onStep: (by: 1 | -1) => void
  onRemove: () => void
}

const Head = ({ each, rung, rungs, isOpen, onOpen, onStep, onRemove }: ClassEditorProps) => {
  const t = useT()
  const { say } = useRuleTools()
  const name = each.name.trim() || t('cdp.tags.layers.unnamed', { number: rung + 1 })
  const sentence = each.rule ? say(each.rule) : t('cdp.tags.layers.noRule')
  return (
    <div className={styles.classHead}>
      <button type="button" className={styles.classOpen} aria-expanded={isOpen} onClick={onOpen}>
        <span className={styles.className}>{name}</span>
        {isOpen ? null : <span className={styles.classRule}>{sentence}</span>}
      </button>
      <span className={styles.tools}>
        <Button
          type="text"
          icon={<UpIcon />}
          disabled={rung === rungs - 1}
          aria-label={t('cdp.tags.layers.up', { name })}
          onClick={() => onStep(1)}
        />
        <Button
          type="text"
          icon={<DownIcon />}
          disabled={rung === 0}
          aria-label={t('cdp.tags.layers.down', { name })}
          onClick={() => onStep(-1)}
        />
        <Button
          type="text"
          icon={<DeleteIcon />}
          disabled={rungs === 1}
          aria-label={t('cdp.tags.layers.removeClass', { name })}
          onClick={onRemove}
        />
      </span>
    </div>
  )
}

/** One rung while it is written: its name, and the rule that puts people on it. */
export const ClassEditor = (props: ClassEditorProps) => {
  const { each, rung, rungs, isOpen, hasTried, error, onName, onRule } = props
  const t = useT()
  const { RuleInput } = useRuleTools()
  const latest = useRef(onRule)
  latest.current = onRule
  const change = useCallback((rule: RuleBody, isWhole: boolean) => latest.current(rule, isWhole), [])
  const lacks = hasTried && each.name.trim() === ''
  const style = { '--shade': rungShade(rung, rungs) } as CSSProperties
  return (
    <li className={styles.class} style={style} data-open={isOpen || undefined}>
      <Head {...props} />
      {isOpen ? (
        <div className={styles.classBody}>
          <Form component={false} layout="vertical">
            <Form.Item
              label={t('cdp.tags.layers.className')}
              htmlFor={`class-${each.id}`}
              validateStatus={lacks ? 'error' : undefined}
              help={lacks ? t('cdp.tags.layers.lack.className') : undefined}
              extra={t('cdp.tags.layers.keyIs', { key: each.key })}
            >
              <Input
                id={`class-${each.id}`}
                value={each.name}
                maxLength={100}
                onChange={({ target }) => onName(target.value)}
              />
            </Form.Item>
          </Form>
          <RuleInput initial={each.rule} onChange={change} showsGaps={hasTried} error={error} />
        </div>
      ) : null}
    </li>
  )
}
