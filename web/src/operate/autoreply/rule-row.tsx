import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, Dropdown, Switch, useConfirm, useNotice } from '@/kernel/ui'
import { MoreIcon } from '@/kernel/ui/icons'
import styles from './autoreply.module.css'
import { deleteRule, placeRules, refreshReplies, switchRule } from './queries'
import { definitionOf, type Rule } from './types'
import { summaryOf, triggerName } from './words'

interface RuleRowProps {
  rule: Rule
  place: number
  order: number[]
  canWrite: boolean
  onOpen: () => void
}

const moved = (order: number[], from: number, to: number) => {
  const next = [...order]
  const [taken] = next.splice(from, 1)
  if (taken !== undefined) next.splice(to, 0, taken)
  return next
}

/** One rule: whether it is on, what it looks for and does, how often it answered. */
export const RuleRow = ({ rule, place, order, canWrite, onOpen }: RuleRowProps) => {
  const t = useT()
  const confirm = useConfirm()
  const notice = useNotice()
  const canOpen = useCan('replies:read')
  const definition = definitionOf(rule)
  const act = async (deed: () => Promise<unknown>) => {
    try {
      await deed()
      await refreshReplies()
    } catch (error) {
      notice.error(error instanceof Error && error.message ? error.message : t('kernel.ui.failed'), 8)
    }
  }
  const move = (to: number) => act(() => placeRules(moved(order, place, to)))
  const items = [
    { key: 'up', label: t('operate.autoreply.up'), disabled: place === 0, onClick: () => move(place - 1) },
    {
      key: 'down',
      label: t('operate.autoreply.down'),
      disabled: place === order.length - 1,
      onClick: () => move(place + 1),
    },
    {
      key: 'remove',
      label: t('operate.autoreply.remove'),
      danger: true,
      onClick: () =>
        confirm({
          title: t('operate.autoreply.removeTitle', { name: rule.name }),
          content: t('operate.autoreply.removeText'),
          verb: t('operate.autoreply.remove'),
          isDangerous: true,
          act: () => act(() => deleteRule(rule.rule_id)),
        }),
    },
  ]
  return (
    <li className={`${styles.row} ${rule.is_on ? '' : styles.isOff}`}>
      <Switch
        size="small"
        checked={rule.is_on}
        disabled={!canWrite}
        aria-label={t('operate.autoreply.isOn', { name: rule.name })}
        onChange={(isOn) => act(() => switchRule(rule.rule_id, isOn))}
      />
      <div>
        <div className={styles.head}>
          <button type="button" className={styles.name} disabled={!canOpen} onClick={onOpen}>
            {rule.name}
          </button>
          <span className={styles.kind}>{triggerName(t, definition.trigger.kind)}</span>
        </div>
        <p className={styles.summary}>{summaryOf(t, definition)}</p>
      </div>
      <span className={styles.count}>{t('operate.autoreply.fired', { count: rule.fired })}</span>
      <div className={styles.tools}>
        {canWrite ? (
          <Dropdown menu={{ items }} trigger={['click']}>
            <Button
              type="text"
              icon={<MoreIcon />}
              aria-label={t('operate.autoreply.more', { name: rule.name })}
            />
          </Dropdown>
        ) : null}
      </div>
    </li>
  )
}
