import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Schemas } from '@/kernel/api'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, type Column, DataTable, DomainDot, Loaded, Panel, useNarrow } from '@/kernel/ui'
import { EditIcon } from '@/kernel/ui/icons'
import { rulesQuery } from './queries'
import { sayCondition } from './rules'
import { RulesDialog } from './rules-dialog'
import styles from './sources.module.css'

type Rule = Schemas['RuleOut']

/** The rules, in the order in which they are tried. */
export const RulesPanel = () => {
  const t = useT()
  const canWrite = useCan('sources:write')
  const isNarrow = useNarrow()
  const query = useQuery(rulesQuery)
  const [isEditing, setIsEditing] = useState(false)
  const columns: Column<Rule>[] = [
    {
      key: 'position',
      title: t('cdp.sources.rules.position'),
      width: 60,
      isNumber: true,
      render: ({ position }) => position,
    },
    {
      key: 'when',
      title: t('cdp.sources.rules.when'),
      render: ({ conditions }) => {
        const words = conditions.map(sayCondition).join(' · ')
        return (
          <code className={styles.when} title={words}>
            {words || t('cdp.sources.rules.any')}
          </code>
        )
      },
    },
    {
      key: 'then',
      title: t('cdp.sources.rules.then'),
      width: isNarrow ? 150 : 190,
      render: ({ domain, source_slug: slug }) => (
        <DomainDot domain={domain} label={slug || t('cdp.sources.rules.nowhere')} />
      ),
    },
  ]
  const edit =
    canWrite && query.data ? (
      <Button icon={<EditIcon />} onClick={() => setIsEditing(true)}>
        {t('cdp.sources.rules.edit')}
      </Button>
    ) : null
  return (
    <Panel title={t('cdp.sources.rules.title')} note={t('cdp.sources.rules.note')} actions={edit} flush>
      <div className={styles.rules}>
        <Loaded query={query}>
          {({ items }) => (
            <DataTable
              label={t('cdp.sources.rules.title')}
              columns={columns}
              rows={items}
              rowKey={({ position }) => position}
              isVirtual
            />
          )}
        </Loaded>
      </div>
      {isEditing && query.data ? (
        <RulesDialog rules={query.data.items} onClose={() => setIsEditing(false)} />
      ) : null}
    </Panel>
  )
}
