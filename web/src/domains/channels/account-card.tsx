import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { said, useT, useWord } from '@/kernel/i18n'
import { Alert, Button, Copyable, DateTime, Panel, Switch, useConfirm, useNotice } from '@/kernel/ui'
import { AccountForm } from './account-form'
import styles from './channels.module.css'
import {
  type Account,
  checkAccount,
  deleteAccount,
  type Kind,
  refreshChannels,
  switchAccount,
} from './queries'
import { useHealthText, useKindText, useOutcomeText } from './use-words'
import { snippetOf } from './values'

/** What the product made and has to be entered elsewhere. */
const SHOWN = ['verify_token', 'vapid_public_key']

/** One account: how it is, where its platform calls back, and what can be done with it. */
export const AccountCard = ({ account, kinds }: { account: Account; kinds: Kind[] }) => {
  const t = useT()
  const kindText = useKindText()
  const healthText = useHealthText()
  const word = useWord()
  const outcomeText = useOutcomeText()
  const snippet = snippetOf(account)
  const kind = kinds.find(({ kind }) => kind === account.channel)
  return (
    <Panel
      title={account.name}
      note={kindText(account.channel)}
      actions={<Actions account={account} kinds={kinds} />}
    >
      <p className={styles.health}>
        <span className={styles.dot} data-health={account.health} aria-hidden="true" />
        {healthText(account)}
        {account.heard_at ? (
          <span className={styles.hint}>
            {t('channels.heard')} <DateTime at={account.heard_at} />
          </span>
        ) : null}
      </p>
      {account.error ? (
        <Alert type="error" showIcon title={t('channels.refusal', { reason: said(account.error) })} />
      ) : null}
      {account.check_message ? (
        <Alert
          type={account.is_fine ? 'success' : 'warning'}
          showIcon
          title={
            <>
              {outcomeText({
                code: account.check_code,
                facts: account.check_facts,
                message: account.check_message,
              })}{' '}
              {account.checked_at ? (
                <span className={styles.checked}>
                  <DateTime at={account.checked_at} />
                </span>
              ) : null}
            </>
          }
        />
      ) : null}
      {SHOWN.map((name) =>
        account.settings[name] ? (
          <div key={name} className={styles.callback}>
            <span className={styles.label}>{word('channels.field', name)}</span>
            <Copyable text={account.settings[name]} label={word('channels.field', name)} />
          </div>
        ) : null,
      )}
      {snippet ? (
        <div className={styles.callback}>
          <span className={styles.label}>{t(`channels.snippet.${snippet.kind}`)}</span>
          <Copyable text={snippet.text} label={t(`channels.snippet.${snippet.kind}`)} />
          <span className={styles.hint}>{t(`channels.snippet.${snippet.kind}Hint`)}</span>
        </div>
      ) : null}
      {kind?.capabilities.includes('receive') && snippet?.kind !== 'chat' ? (
        <div className={styles.callback}>
          <span className={styles.label}>{t('channels.callback')}</span>
          <Copyable text={account.callback_url} label={t('channels.callback')} />
          <span className={styles.hint}>{t('channels.callbackHint')}</span>
        </div>
      ) : null}
    </Panel>
  )
}

const useDeed = <Answer,>(deed: () => Promise<Answer>, onDone?: (answer: Answer) => void) => {
  const t = useT()
  const notice = useNotice()
  return useMutation({
    mutationFn: deed,
    onSuccess: async (answer) => {
      await refreshChannels()
      onDone?.(answer)
    },
    onError: (error) => void notice.error(error.message || t('kernel.ui.failed')),
  })
}

const Actions = ({ account, kinds }: { account: Account; kinds: Kind[] }) => {
  const t = useT()
  const notice = useNotice()
  const confirm = useConfirm()
  const outcomeText = useOutcomeText()
  const canRun = useCan('channels:write')
  const canChange = useCan('accounts:write')
  const [isEditing, setIsEditing] = useState(false)
  const { account_id: id, is_active: isActive, name } = account
  const checking = useDeed(
    () => checkAccount(id),
    (found) =>
      void (found.is_fine ? notice.success(outcomeText(found)) : notice.warning(outcomeText(found), 8)),
  )
  const switching = useDeed(() => switchAccount(id, !isActive))
  const removing = useDeed(() => deleteAccount(id))
  const remove = () =>
    confirm({
      title: t('channels.remove.title', { name }),
      content: t('channels.remove.text'),
      verb: t('channels.remove.verb'),
      isDangerous: true,
      act: async () => void (await removing.mutateAsync().catch(() => undefined)),
    })
  return (
    <span className={styles.actions}>
      {canRun ? (
        <>
          <Switch
            checked={isActive}
            loading={switching.isPending}
            aria-label={t('channels.switch', { name })}
            onChange={() => switching.mutate()}
          />
          <Button loading={checking.isPending} onClick={() => checking.mutate()}>
            {t('channels.check')}
          </Button>
        </>
      ) : null}
      {canChange ? (
        <>
          <Button onClick={() => setIsEditing(true)}>{t('channels.edit')}</Button>
          <Button danger type="text" onClick={remove}>
            {t('channels.remove.action')}
          </Button>
        </>
      ) : null}
      {isEditing ? <AccountForm kinds={kinds} account={account} onClose={() => setIsEditing(false)} /> : null}
    </span>
  )
}
