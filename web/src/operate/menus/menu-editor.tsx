import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, Input, Panel, Refusal, useConfirm, useNotice } from '@/kernel/ui'
import { Field } from './field'
import { ItemList } from './item-list'
import styles from './menus.module.css'
import { Previews } from './previews'
import { PublishPanel } from './publish-panel'
import { deleteMenu, refreshMenus, saveMenu } from './queries'
import { TapsPanel } from './taps-panel'
import { type Definition, definitionOf, type MenuInfo, newItem } from './types'

interface MenuEditorProps {
  /** The menu to change; none: a new one. */
  menu?: MenuInfo
  onSaved: (menuId: number | null) => void
}

/** The entries on the left, what becomes of them on each platform on the right. */
export const MenuEditor = ({ menu, onSaved }: MenuEditorProps) => {
  const t = useT()
  const confirm = useConfirm()
  const notice = useNotice()
  const canWrite = useCan('replies:write')
  const [name, setName] = useState(menu?.name ?? '')
  const [draft, setDraft] = useState<Definition>(menu ? definitionOf(menu) : { items: [newItem()] })
  const put = (changes: Partial<Definition>) => setDraft({ ...draft, ...changes })
  const saving = useMutation({
    mutationFn: () => saveMenu(menu?.menu_id, name, draft),
    onSuccess: async (saved) => {
      await refreshMenus()
      notice.success(t('operate.menus.saved'))
      onSaved(saved.menu_id)
    },
  })
  const remove = () =>
    confirm({
      title: t('operate.menus.removeTitle', { name }),
      content: t('operate.menus.removeText'),
      verb: t('operate.menus.remove'),
      isDangerous: true,
      act: async () => {
        if (menu) await deleteMenu(menu.menu_id)
        onSaved(null)
        await refreshMenus()
      },
    })
  const line = (key: 'greeting' | 'button' | 'title') => (
    <Field label={t(key === 'title' ? 'operate.menus.headline' : `operate.menus.${key}`)}>
      <Input value={draft[key] ?? ''} onChange={({ target }) => put({ [key]: target.value })} />
    </Field>
  )
  const buttons = canWrite ? (
    <>
      {menu ? (
        <Button danger onClick={remove}>
          {t('operate.menus.remove')}
        </Button>
      ) : null}
      <Button type="primary" loading={saving.isPending} onClick={() => saving.mutate()}>
        {t('operate.menus.save')}
      </Button>
    </>
  ) : null
  return (
    <div className={styles.sides}>
      <div className={styles.stack}>
        <Panel
          title={menu ? menu.name : t('operate.menus.add')}
          note={menu ? t('operate.menus.version', { version: menu.version }) : undefined}
          actions={buttons}
        >
          <div className={styles.stack}>
            <Refusal error={saving.error} />
            <Field label={t('operate.menus.name')}>
              <Input value={name} maxLength={100} onChange={({ target }) => setName(target.value)} />
            </Field>
            {line('greeting')}
            <div className={styles.pair}>
              {line('button')}
              {line('title')}
            </div>
            <ItemList items={draft.items} isTop onChange={(items) => put({ items })} />
          </div>
        </Panel>
        {menu ? <PublishPanel menu={menu} /> : null}
        {menu ? <TapsPanel menu={menu} /> : null}
      </div>
      <Previews definition={draft} menuId={menu?.menu_id ?? 0} />
    </div>
  )
}
