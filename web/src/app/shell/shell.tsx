import { Outlet } from '@tanstack/react-router'
import { useState } from 'react'
import { BulkNotices } from '@/cdp/bulk/bulk-notices'
import { api } from '@/kernel/api'
import { type Locale, useT } from '@/kernel/i18n'
import { Button, Drawer, LanguageSwitch, PAGE_TITLE_ID } from '@/kernel/ui'
import { MenuIcon } from '@/kernel/ui/icons'
import { AccountMenu } from './account-menu'
import { Rail } from './rail'
import styles from './shell.module.css'

const keepLocale = (locale: Locale) => {
  void api.PATCH('/api/auth/me', { body: { locale }, keepalive: true })
}

/** What stays on screen while pages come and go: the rail and the top bar. */
export const Shell = () => {
  const t = useT()
  const [isMenuOpen, setIsMenuOpen] = useState(false)
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        {t('app.shell.skip')}
      </a>
      <div className={styles.rail}>
        <Rail />
      </div>
      <Drawer
        placement="left"
        size={264}
        open={isMenuOpen}
        onClose={() => setIsMenuOpen(false)}
        closable={false}
        title={null}
        aria-label={t('app.shell.menu')}
        styles={{ body: { padding: 0 } }}
      >
        <Rail onChosen={() => setIsMenuOpen(false)} />
      </Drawer>
      <div className={styles.column}>
        <header className={styles.bar}>
          <Button
            className={styles.menu}
            type="text"
            icon={<MenuIcon />}
            aria-label={t('app.shell.menu')}
            aria-expanded={isMenuOpen}
            onClick={() => setIsMenuOpen(true)}
          />
          <div id={PAGE_TITLE_ID} className={styles.title} />
          <LanguageSwitch onChosen={keepLocale} />
          <AccountMenu />
        </header>
        <main id="content" tabIndex={-1} className={styles.main}>
          <Outlet />
        </main>
      </div>
      <BulkNotices />
    </div>
  )
}
