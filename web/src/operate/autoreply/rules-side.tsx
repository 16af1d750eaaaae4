import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, EmptyState, Loaded, Panel } from '@/kernel/ui'
import { PlusIcon } from '@/kernel/ui/icons'
import styles from './autoreply.module.css'
import { LearningNote } from './learning-note'
import { rulesQuery } from './queries'
import { RuleEditor } from './rule-editor'
import { RuleRow } from './rule-row'
import { Tester } from './tester'
import type { Rule } from './types'

/** Rules on the left, or the one that is changed; on the right the tester. */
export const RulesSide = () => {
  const t = useT()
  const canWrite = useCan('replies:write')
  const query = useQuery(rulesQuery)
  const [edited, setEdited] = useState<Rule | 'new' | null>(null)
  const close = () => setEdited(null)
  const add = canWrite ? (
    <Button type="primary" icon={<PlusIcon />} onClick={() => setEdited('new')}>
      {t('operate.autoreply.newRule')}
    </Button>
  ) : null
  return (
    <div className={styles.sides}>
      {edited ? (
        <RuleEditor
          key={edited === 'new' ? 'new' : edited.rule_id}
          rule={edited === 'new' ? undefined : edited}
          onClose={close}
        />
      ) : (
        <Panel
          title={t('operate.autoreply.tab.rules')}
          note={t('operate.autoreply.order')}
          actions={add}
          flush
        >
          <Loaded query={query} height={320}>
            {({ items, learning }) =>
              items.length === 0 ? (
                <EmptyState title={t('operate.autoreply.empty')}>
                  {t('operate.autoreply.emptyHint')}
                </EmptyState>
              ) : (
                <>
                  <LearningNote learning={learning} rules={items} />
                  <ol className={styles.rows}>
                    {items.map((rule, place) => (
                      <RuleRow
                        key={rule.rule_id}
                        rule={rule}
                        place={place}
                        order={items.map(({ rule_id: id }) => id)}
                        canWrite={canWrite}
                        onOpen={() => setEdited(rule)}
                      />
                    ))}
                  </ol>
                </>
              )
            }
          </Loaded>
        </Panel>
      )}
      <div className={styles.aside}>
        <Tester />
      </div>
    </div>
  )
}
