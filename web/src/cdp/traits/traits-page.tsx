import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { useTraitName } from '@/kernel/traits'
import {
  Button,
  DataTable,
  EmptyState,
  Input,
  Loaded,
  Page,
  Segmented,
  useNarrow,
  useNotice,
} from '@/kernel/ui'
import { ExportIcon, PlusIcon, SearchIcon, UploadIcon } from '@/kernel/ui/icons'
import { ExportDialog } from './export-dialog'
import { ImportDialog } from './import-dialog'
import { fieldsOf, traitsQuery } from './queries'
import { TemplateList } from './template-list'
import { useTraitColumns } from './trait-columns'
import { TraitDrawer } from './trait-drawer'
import styles from './traits.module.css'
import { ORIGINS, type Origin, type Trait, type TraitFields } from './view'

type Open =
  | { what: 'templates' | 'import' | 'export' }
  | { what: 'form'; trait?: Trait; initial: Partial<TraitFields> }

interface TableProps {
  traits: Trait[]
  everybody: number
  onOpen: (trait: Trait) => void
}

const Table = ({ traits, everybody, onOpen }: TableProps) => {
  const t = useT()
  const canWrite = useCan('segments:write')
  const nameOf = useTraitName()
  const isNarrow = useNarrow()
  const [text, setText] = useState('')
  const [origin, setOrigin] = useState<Origin | 'all'>('all')
  const columns = useTraitColumns({ everybody, canWrite, onOpen })
  const sought = text.trim().toLowerCase()
  const named = traits.filter((trait) =>
    `${nameOf(trait)} ${trait.name} ${trait.description}`.toLowerCase().includes(sought),
  )
  const rows = ORIGINS.filter((each) => origin === 'all' || each === origin).flatMap((each) =>
    named.filter((trait) => trait.origin === each),
  )
  const count = (each: Origin | 'all') =>
    each === 'all' ? named.length : named.filter((trait) => trait.origin === each).length
  return (
    <>
      <search className={styles.search}>
        <Input
          prefix={<SearchIcon aria-hidden="true" />}
          value={text}
          onChange={({ target }) => setText(target.value)}
          placeholder={t('cdp.traits.search')}
          aria-label={t('cdp.traits.search')}
          allowClear
        />
        <Segmented<Origin | 'all'>
          className={styles.origins}
          aria-label={t('cdp.traits.column.told')}
          value={origin}
          onChange={setOrigin}
          options={(['all', ...ORIGINS] as const).map((value) => ({
            value,
            label: `${value === 'all' ? t('cdp.traits.all') : t(`cdp.traits.origin.${value}`)} ${count(value)}`,
          }))}
        />
      </search>
      <DataTable
        label={t('cdp.traits.title')}
        columns={columns}
        rows={rows}
        rowKey={({ name }) => name}
        rowHeight={isNarrow ? 58 : 54}
        empty={<EmptyState title={t('cdp.traits.noMatch')} />}
      />
    </>
  )
}

/** Every trait: what it is, where it comes from, how many people have it. */
export const TraitsPage = () => {
  const t = useT()
  const notice = useNotice()
  const canWrite = useCan('segments:write')
  const canImport = useCan('people:write')
  const canRead = useCan('people:read')
  const query = useQuery(traitsQuery)
  const [open, setOpen] = useState<Open | null>(null)
  const close = () => setOpen(null)
  const edit = (trait: Trait) => {
    if (trait.origin === 'score' || !canWrite) return
    setOpen({ what: 'form', trait, initial: fieldsOf(trait) })
  }
  const tools = (
    <>
      {canRead ? (
        <Button icon={<ExportIcon />} onClick={() => setOpen({ what: 'export' })}>
          {t('cdp.traits.export.action')}
        </Button>
      ) : null}
      {canImport ? (
        <Button icon={<UploadIcon />} onClick={() => setOpen({ what: 'import' })}>
          {t('cdp.traits.import.action')}
        </Button>
      ) : null}
      {canWrite ? (
        <Button type="primary" icon={<PlusIcon />} onClick={() => setOpen({ what: 'templates' })}>
          {t('cdp.traits.new')}
        </Button>
      ) : null}
    </>
  )
  return (
    <Page title={t('cdp.traits.title')} note={t('cdp.traits.note')} tools={tools}>
      <Loaded query={query} height={420}>
        {({ items, everybody }) => (
          <section className={styles.list} aria-label={t('cdp.traits.title')}>
            {items.length > 0 ? (
              <Table traits={items} everybody={everybody} onOpen={edit} />
            ) : (
              <EmptyState title={t('cdp.traits.empty')}>{t('cdp.traits.emptyHint')}</EmptyState>
            )}
          </section>
        )}
      </Loaded>
      {open?.what === 'templates' ? (
        <TemplateList
          taken={
            new Set(
              query.data?.items.filter(({ origin }) => origin !== 'observed').map(({ name }) => name) ?? [],
            )
          }
          onChoose={(initial) => setOpen({ what: 'form', initial })}
          onClose={close}
        />
      ) : null}
      {open?.what === 'form' ? (
        <TraitDrawer
          trait={open.trait}
          initial={open.initial}
          onSaved={() => {
            close()
            notice.success(t('cdp.traits.saved'))
          }}
          onClose={close}
        />
      ) : null}
      {open?.what === 'import' ? <ImportDialog onClose={close} /> : null}
      {open?.what === 'export' ? <ExportDialog onClose={close} /> : null}
    </Page>
  )
}
