import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, unwrap } from '@/kernel/api'
import { refreshMe, useMe } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Dropdown, useNotice } from '@/kernel/ui'
import { SwitchIcon } from '@/kernel/ui/icons'
import styles from './workspace-switch.module.css'

/** The workspace on screen; a menu when there are several. */
export const WorkspaceSwitch = () => {
  const t = useT()
  const me = useMe()
  const navigate = useNavigate()
  const notice = useNotice()
  const [isSwitching, setIsSwitching] = useState(false)
  if (!me) return null

  const choose = async (id: number) => {
    setIsSwitching(true)
    try {
      await unwrap(api.POST('/api/auth/workspace', { body: { workspace_id: id } }))
      await refreshMe()
      await navigate({ to: '/' })
    } catch (error) {
      notice.error(error instanceof Error ? error.message : String(error))
    } finally {
      setIsSwitching(false)
    }
  }

  const name = (
    <span className={styles.words}>
      <span className={styles.label}>{t('app.shell.workspace')}</span>
      <span className={styles.name}>{me.workspace.name}</span>
      {me.workspace.is_demo ? <span className={styles.demo}>{t('app.shell.demo')}</span> : null}
    </span>
  )
  if (me.workspaces.length < 2) return <div className={styles.single}>{name}</div>
  const items = me.workspaces.map((each) => ({
    key: String(each.id),
    label: each.name,
    disabled: each.id === me.workspace.id,
    onClick: () => void choose(each.id),
  }))
  return (
    // Inside the rail, which stays in place: in the document the menu would be below the fold while it opens.
    <Dropdown
      menu={{ items }}
      trigger={['click']}
      placement="topLeft"
      getPopupContainer={(button) => button.parentElement ?? document.body}
    >
      <button type="button" className={styles.button} disabled={isSwitching} aria-haspopup="menu">
        {name}
        <SwitchIcon aria-hidden="true" />
      </button>
    </Dropdown>
  )
}
