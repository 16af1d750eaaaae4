import { useMutation, useQuery } from '@tanstack/react-query'
import { useT, useWord } from '@/kernel/i18n'
import { Loaded, Panel, Select, Switch, useNotice } from '@/kernel/ui'
import type { Setup } from '../queries'
import { accountsQuery, putRoutes, type Route, refreshSetup } from './queries'
import styles from './setup.module.css'

const EVERY_OTHER = 0

interface LineProps {
  name: string
  hint: string
  route: Route | undefined
  teams: Setup['teams']
  isDisabled: boolean
  onChange: (change: Partial<Route>) => void
}

const Line = ({ name, hint, route, teams, isDisabled, onChange }: LineProps) => {
  const t = useT()
  return (
    <li className={styles.row}>
      <span className={styles.main}>
        <strong>{name}</strong>
        <span className={styles.hint}>{hint}</span>
      </span>
      <Select
        className={styles.wide}
        disabled={isDisabled}
        aria-label={t('operate.inbox.setup.route.team', { name })}
        value={route?.team_id ?? 0}
        onChange={(team) => onChange({ team_id: team || null })}
        options={[
          { value: 0, label: t('operate.inbox.setup.route.noTeam') },
          ...teams.map(({ team_id, name: team }) => ({ value: team_id, label: team })),
        ]}
      />
      <span className={styles.tools}>
        <Switch
          size="small"
          disabled={isDisabled}
          checked={route?.has_survey ?? false}
          aria-label={t('operate.inbox.setup.route.survey', { name })}
          onChange={(has_survey) => onChange({ has_survey })}
        />
        {t('operate.inbox.setup.route.asks')}
      </span>
    </li>
  )
}

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
  const find = (account: number) => setup.routes.find(({ account_id }) => account_id === account)
  const others = find(EVERY_OTHER)
  const put = (account: number, change: Partial<Route>) => {
    const before = find(account) ?? {
      team_id: others?.team_id ?? null,
      has_survey: others?.has_survey ?? false,
    }
    const rest = setup.routes.filter(({ account_id }) => account_id !== account)
    saving.mutate([...rest, { ...before, ...change, account_id: account }])
  }
  const shared = { teams: setup.teams, isDisabled: !canWrite || saving.isPending }
  return (
    <Panel title={t('operate.inbox.setup.route.title')} note={t('operate.inbox.setup.route.note')}>
      <Loaded query={query} height={120}>
        {({ items }) => (
          <ul className={styles.rows}>
            <Line
              name={t('operate.inbox.setup.route.others')}
              hint={t('operate.inbox.setup.route.othersHint')}
              route={others}
              onChange={(change) => put(EVERY_OTHER, change)}
              {...shared}
            />
            {items.map(({ account_id: account, name, channel }) => (
              <Line
                key={account}
                name={name}
                hint={[
                  word('kernel.channel', channel),
                  find(account) ? '' : t('operate.inbox.setup.route.same'),
                ]
                  .filter(Boolean)
                  .join(' · ')}
                route={find(account) ?? others}
                onChange={(change) => put(account, change)}
                {...shared}
              />
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  )
}
