import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Source } from '@/kernel/api'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import {
  Button,
  type Column,
  DataTable,
  DomainDot,
  EmptyState,
  Loaded,
  Page,
  Panel,
  useNarrow,
} from '@/kernel/ui'
import { PlusIcon } from '@/kernel/ui/icons'
import { sourceListQuery } from './queries'
import { RulesPanel } from './rules-panel'
import { SourceForm } from './source-form'
import styles from './sources.module.css'
import { TryPanel } from './try-panel'

/** The registry of sources, and the rules that tell them. */
const SourcesPage = () => {
  const t = useT()
  const canWrite = useCan('sources:write')
  const isNarrow = useNarrow()
  const query = useQuery(sourceListQuery)
  const [changed, setChanged] = useState<Source | 'new' | null>(null)
  const columns: Column<Source>[] = [
    { key: 'name', title: t('cdp.sources.name'), render: ({ name }) => <span title={name}>{name}</span> },
    {
      key: 'slug',
      title: t('cdp.sources.slug'),
      isWideOnly: true,
      render: ({ slug }) => <code className={styles.code}>{slug}</code>,
    },
    {
      key: 'domain',
      title: t('cdp.sources.domain'),
      width: isNarrow ? 96 : 136,
      render: ({ domain }) => <DomainDot domain={domain} />,
    },
    {
      key: 'actions',
      title: t('cdp.sources.actions'),
      width: 88,
      render: (source) =>
        canWrite ? <Button onClick={() => setChanged(source)}>{t('cdp.sources.edit')}</Button> : null,
    },
  ]
  const add = canWrite ? (
    <Button icon={<PlusIcon />} onClick={() => setChanged('new')}>
      {t('cdp.sources.add')}
    </Button>
  ) : null
  return (
    <Page title={t('cdp.sources.title')}>
      <div className={styles.pair}>
        <Panel title={t('cdp.sources.title')} note={t('cdp.sources.note')} actions={add} flush>
          <Loaded query={query}>
            {({ items }) => (
              <DataTable
                label={t('cdp.sources.title')}
                columns={columns}
                rows={items}
                rowKey={({ id }) => id}
                rowHeight={46}
                empty={<EmptyState title={t('cdp.sources.empty')}>{t('cdp.sources.emptyHint')}</EmptyState>}
              />
            )}
          </Loaded>
        </Panel>
        <div className={styles.side}>
          <TryPanel />
          <RulesPanel />
        </div>
      </div>
      {changed ? (
        <SourceForm source={changed === 'new' ? undefined : changed} onClose={() => setChanged(null)} />
      ) : null}
    </Page>
  )
}

export default SourcesPage
