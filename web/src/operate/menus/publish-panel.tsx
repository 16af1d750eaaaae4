import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { said, useT } from '@/kernel/i18n'
import { Button, DateTime, Panel, Refusal, Select, useNotice } from '@/kernel/ui'
import { Field } from './field'
import styles from './menus.module.css'
import {
  accountsQuery,
  diffQuery,
  publicationsQuery,
  publishMenu,
  refreshMenus,
  versionsQuery,
} from './queries'
import type { MenuInfo, Publication } from './types'

const SHOWING = new Set(['wechat_oa', 'douyin', 'tiktok', 'telegram', 'line', 'whatsapp', 'webchat', 'email'])

const Changes = ({ menuId, from, to }: { menuId: number; from: number; to: number }) => {
  const t = useT()
  const { data } = useQuery(diffQuery(menuId, from, to))
  if (!data) return null
  if (data.items.length === 0) return <p className={styles.hint}>{t('operate.menus.noChange')}</p>
  return (
    <ul className={styles.changes}>
      {data.items.map(({ what, item, label, fields }) => (
        <li key={`${what}.${item}`}>
          <span className={styles[what]}>{t(`operate.menus.change.${what}`)}</span> {label}
          {fields.length > 0 ? ` (${fields.join(', ')})` : null}
        </li>
      ))}
    </ul>
  )
}

const History = ({ items }: { items: Publication[] }) => {
  const t = useT()
  return (
    <ul className={styles.history}>
      {items.slice(0, 8).map((each) => (
        <li key={each.publication_id}>
          <span>
            {each.account || each.surface} · {t('operate.menus.version', { version: each.version })}
          </span>
          <span className={each.error ? styles.refused : each.is_shown ? styles.isShown : styles.past}>
            {each.error
              ? said(each.error)
              : t(each.is_shown ? 'operate.menus.isShown' : 'operate.menus.past')}
          </span>
          <DateTime at={each.published_at} />
        </li>
      ))}
    </ul>
  )
}

/** Put a version on an account: what changes there, what is shown, and back to an older one. */
export const PublishPanel = ({ menu }: { menu: MenuInfo }) => {
  const t = useT()
  const notice = useNotice()
  const canWrite = useCan('replies:write')
  const accounts = useQuery(accountsQuery)
  const versions = useQuery(versionsQuery(menu.menu_id))
  const publications = useQuery(publicationsQuery(menu.menu_id))
  const [accountId, setAccountId] = useState<number | null>(null)
  const [version, setVersion] = useState(menu.version)
  const places = accounts.data?.items.filter(({ channel }) => SHOWING.has(channel)) ?? []
  const account = places.find(({ account_id: id }) => id === accountId) ?? places[0]
  const shown = publications.data?.items.find(
    (each) => each.is_shown && each.account_id === account?.account_id,
  )
  const publishing = useMutation({
    mutationFn: () => publishMenu(menu.menu_id, account?.account_id ?? 0, version),
    onSuccess: () => notice.success(t('operate.menus.published')),
    onSettled: refreshMenus,
  })
  const isBack = shown !== undefined && version < shown.version
  return (
    <Panel title={t('operate.menus.publishing')} note={t('operate.menus.publishingNote')}>
      <div className={styles.stack}>
        {places.length === 0 ? (
          <p className={styles.hint}>{t('operate.menus.noAccounts')}</p>
        ) : (
          <>
            <div className={styles.pair}>
              <Field label={t('operate.menus.account')}>
                <Select
                  value={account?.account_id}
                  options={places.map(({ account_id: value, name }) => ({ value, label: name }))}
                  onChange={setAccountId}
                />
              </Field>
              <Field label={t('operate.menus.which')}>
                <Select
                  value={version}
                  options={(versions.data?.items ?? []).map(({ version: value }) => ({
                    value,
                    label: t('operate.menus.version', { version: value }),
                  }))}
                  onChange={setVersion}
                />
              </Field>
            </div>
            {shown ? <Changes menuId={menu.menu_id} from={shown.version} to={version} /> : null}
            {canWrite ? (
              <div className={styles.footer}>
                <Button
                  type="primary"
                  loading={publishing.isPending}
                  disabled={shown?.version === version}
                  onClick={() => publishing.mutate()}
                >
                  {t(isBack ? 'operate.menus.goBack' : 'operate.menus.publish')}
                </Button>
              </div>
            ) : null}
          </>
        )}
        <Refusal error={publishing.error} />
        {publications.data ? <History items={publications.data.items} /> : null}
      </div>
    </Panel>
  )
}
