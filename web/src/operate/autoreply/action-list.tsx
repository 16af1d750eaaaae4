import { useT } from '@/kernel/i18n'
import { Button, Dropdown } from '@/kernel/ui'
import { CloseIcon, PlusIcon } from '@/kernel/ui/icons'
import { ActionFields } from './action-fields'
import styles from './autoreply.module.css'
import { ACTIONS, type Action, emptyAction } from './types'
import { actionName } from './words'

interface ActionListProps {
  actions: Action[]
  onChange: (actions: Action[]) => void
}

/** What a rule does, one after the other. */
export const ActionList = ({ actions, onChange }: ActionListProps) => {
  const t = useT()
  const items = ACTIONS.map((kind) => ({
    key: kind,
    label: actionName(t, kind),
    onClick: () => onChange([...actions, emptyAction(kind)]),
  }))
  return (
    <>
      {actions.map((action, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: actions have no other name, and are not moved
        <div key={place} className={styles.card}>
          <header>
            {actionName(t, action.do)}
            <Button
              type="text"
              size="small"
              icon={<CloseIcon />}
              aria-label={t('operate.autoreply.dropAction', { action: actionName(t, action.do) })}
              onClick={() => onChange(actions.filter((_, at) => at !== place))}
            />
          </header>
          <ActionFields
            action={action}
            onChange={(next) => onChange(actions.map((each, at) => (at === place ? next : each)))}
          />
        </div>
      ))}
      <div>
        <Dropdown menu={{ items }} trigger={['click']}>
          <Button icon={<PlusIcon />}>{t('operate.autoreply.addAction')}</Button>
        </Dropdown>
      </div>
    </>
  )
}
