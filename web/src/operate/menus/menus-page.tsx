import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, EmptyState, Loaded, Page, Panel, Select } from '@/kernel/ui'
import { PlusIcon } from '@/kernel/ui/icons'
import { MenuEditor } from './menu-editor'
import { menusQuery } from './queries'

/** Menus: one definition, shown on every platform. */
const MenusPage = () => {
  const t = useT()
  const canWrite = useCan('replies:write')
  const query = useQuery(menusQuery)
  const [chosen, setChosen] = useState<number | 'new' | null>(null)
  const items = query.data?.items ?? []
  const shown = chosen === 'new' ? undefined : (items.find(({ menu_id: id }) => id === chosen) ?? items[0])
  const tools = (
    <>
      {items.length > 1 && shown ? (
        <Select
          value={shown.menu_id}
          aria-label={t('operate.menus.choose')}
          options={items.map(({ menu_id: value, name }) => ({ value, label: name }))}
          onChange={setChosen}
        />
      ) : null}
      {canWrite ? (
        <Button type="primary" icon={<PlusIcon />} onClick={() => setChosen('new')}>
          {t('operate.menus.add')}
        </Button>
      ) : null}
    </>
  )
  return (
    <Page title={t('operate.menus.title')} note={t('operate.menus.note')} tools={tools}>
      <Loaded query={query} height={420}>
        {() =>
          shown || chosen === 'new' ? (
            <MenuEditor
              key={shown ? `${shown.menu_id}.${shown.version}` : 'new'}
              menu={shown}
              onSaved={setChosen}
            />
          ) : (
            <Panel title={t('operate.menus.title')}>
              <EmptyState title={t('operate.menus.empty')}>{t('operate.menus.emptyHint')}</EmptyState>
            </Panel>
          )
        }
      </Loaded>
    </Page>
  )
}

export default MenusPage
