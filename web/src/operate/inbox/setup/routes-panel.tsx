import { useMutation, useQuery } from '@tanstack/react-query'
import { useT, useWord } from '@/kernel/i18n'
import { Loaded, Panel, Select, Switch, useNotice } from '@/kernel/ui'
import type { Setup } from '../queries'
import { accountsQuery, putRoutes, type Route, refreshSetup } from './queries'
import styles from './setup.module.css'

const EVERY_OTHER = 0

/** Which team serves which account, and where people are asked how it was. */
export const RoutesPanel = ({ setup, canWrite }: { setup: Setup; canWrite: boolean }) => {
  const t = useT()
  const word = useWord()
  const notice = useNotice()
  const query = useQuery(accountsQuery)
  const saving = useMutation({
    mutationFn: putRoutes,
    onSuccess: async () => {
      await refreshSetup()
      notice.success(t('operate.inbox.setup.saved'))
    },
    onError: (error) => notice.error(error.message),
  })
  const others = setup.routes.find(({ account_id }) => account_id === EVERY_OTHER)
  const put = (account: number, change: Partial<Route>) => {
    const known = setup.routes.find(({ account_id }) => account_id === account) ?? {
      account_id: account,
      team_id: others?.team_id ?? null,
      has_survey: others?.has_survey ?? false,
    }
    const rest = setup.routes.filter(({ account_id }) => account_id !== account)
    saving.mutate([...rest, { ...known, ...change }])
  }
  const Line = ({ account, name, hint }: { account: number; name: string; hint: string }) => {
    const own = setup.routes.find(({ account_id }) => account_id === account)
    const shown = own ?? others
    return (
      <li className={styles.row}>
        <span className={styles.main}>
          <strong>{name}</strong>
          <span className={styles.hint}>
            {own || account === EVERY_OTHER ? hint : t('operate.inbox.setup.route.same')}
          </span>
        </span>
        <Select
          className={styles.wide}
          disabled={!canWrite || saving.isPending}
          aria-label={t('operate.inbox.setup.route.team', { name })}
          value={shown?.team_id ?? 0}
          onChange={(team) => put(account, { team_id: team || null })}
          options={[
            { value: 0, label: t('operate.inbox.setup.route.noTeam') },
            ...setup.teams.map(({ team_id, name: team }) => ({ value: team_id, label: team })),
          ]}
        />
        <span className={styles.tools}>
          <Switch
            size="small"
            disabled={!canWrite || saving.isPending}
            checked={shown?.has_survey ?? false}
            aria-label={t('operate.inbox.setup.route.survey', { name })}
            onChange={(has_survey) => put(account, { has_survey })}
          />
          {t('operate.inbox.setup.route.asks')}
        </span>
      </li>
    )
  }
  return (
    <Panel title={t('operate.inbox.setup.route.title')} note={t('operate.inbox.setup.route.note')}>
      <Loaded query={query} height={120}>
        {({ items }) => (
          <ul className={styles.rows}>
            {Line({
              account: EVERY_OTHER,
              name: t('operate.inbox.setup.route.others'),
              hint: t('operate.inbox.setup.route.othersHint'),
            })}
            {items.map(({ account_id, name, channel }) => (
              <Line
                key={account_id}
                account={account_id}
                name={name}
                hint={word('kernel.channel', channel)}
              />
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  )
}
