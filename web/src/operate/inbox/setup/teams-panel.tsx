import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useT } from '@/kernel/i18n'
import {
  Button,
  EmptyState,
  Form,
  FormDialog,
  Input,
  InputNumber,
  Panel,
  Select,
  useConfirm,
  useNotice,
} from '@/kernel/ui'
import { PlusIcon } from '@/kernel/ui/icons'
import { agentsQuery, type Setup, type Team } from '../queries'
import { addTeam, changeTeam, deleteTeam, refreshSetup, type TeamBody } from './queries'
import styles from './setup.module.css'

const WAYS = ['manual', 'round_robin', 'load', 'owner'] as const

const TeamDialog = ({ team, onClose }: { team: Team | null; onClose: () => void }) => {
  const t = useT()
  const notice = useNotice()
  const { data: agents } = useQuery(agentsQuery)
  return (
    <FormDialog<TeamBody, Team>
      title={t(team ? 'operate.inbox.setup.team.change' : 'operate.inbox.setup.team.add')}
      verb={t('operate.inbox.setup.save')}
      initial={team ?? { name: '', assigns: 'load', most_open: null, user_ids: [] }}
      send={(body) => {
        const told = { ...body, most_open: body.most_open ?? null }
        return team ? changeTeam(team.team_id, told) : addTeam(told)
      }}
      onSent={async () => {
        notice.success(t('operate.inbox.setup.saved'))
        onClose()
        await refreshSetup()
      }}
      onClose={onClose}
    >
      <Form.Item name="name" label={t('operate.inbox.setup.team.name')} rules={[{ required: true }]}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item
        name="user_ids"
        label={t('operate.inbox.setup.team.members')}
        extra={t('operate.inbox.setup.team.membersHint')}
      >
        <Select
          mode="multiple"
          optionFilterProp="label"
          options={agents?.items.map(({ user_id, name, email }) => ({
            value: user_id,
            label: name || email,
          }))}
        />
      </Form.Item>
      <Form.Item name="assigns" label={t('operate.inbox.setup.team.assigns')}>
        <Select options={WAYS.map((value) => ({ value, label: t(`operate.inbox.setup.way.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="most_open"
        label={t('operate.inbox.setup.team.most')}
        extra={t('operate.inbox.setup.team.mostHint')}
      >
        <InputNumber min={1} max={10_000} />
      </Form.Item>
    </FormDialog>
  )
}

/** Teams: who is in them, and how their conversations find somebody. */
export const TeamsPanel = ({ setup, canWrite }: { setup: Setup; canWrite: boolean }) => {
  const t = useT()
  const notice = useNotice()
  const confirm = useConfirm()
  const { data: agents } = useQuery(agentsQuery)
  const [edited, setEdited] = useState<Team | 'new' | null>(null)
  const names = new Map(agents?.items.map(({ user_id, name, email }) => [user_id, name || email]))
  const deleting = useMutation({
    mutationFn: deleteTeam,
    onSuccess: refreshSetup,
    onError: (error) => notice.error(error.message),
  })
  const ask = (team: Team) =>
    confirm({
      title: t('operate.inbox.setup.team.deleteAsk', { name: team.name }),
      content: t('operate.inbox.setup.team.deleteNote'),
      verb: t('operate.inbox.setup.delete'),
      isDangerous: true,
      act: () => deleting.mutateAsync(team.team_id),
    })
  return (
    <Panel
      title={t('operate.inbox.setup.team.title')}
      note={t('operate.inbox.setup.team.note')}
      actions={
        canWrite ? (
          <Button icon={<PlusIcon aria-hidden="true" />} onClick={() => setEdited('new')}>
            {t('operate.inbox.setup.team.add')}
          </Button>
        ) : null
      }
    >
      {setup.teams.length === 0 ? <EmptyState title={t('operate.inbox.setup.team.none')} /> : null}
      <ul className={styles.rows}>
        {setup.teams.map((team) => (
          <li key={team.team_id} className={styles.row}>
            <span className={styles.main}>
              <strong>{team.name}</strong>
              <span className={styles.hint}>
                {(team.user_ids ?? []).map((user) => names.get(user) ?? `#${user}`).join(', ') ||
                  t('operate.inbox.setup.team.nobody')}
              </span>
            </span>
            <span className={styles.hint}>
              {t(`operate.inbox.setup.way.${team.assigns ?? 'manual'}`)}
              {team.most_open ? ` · ${t('operate.inbox.setup.team.upTo', { count: team.most_open })}` : ''}
            </span>
            {canWrite ? (
              <span className={styles.tools}>
                <Button size="small" onClick={() => setEdited(team)}>
                  {t('operate.inbox.setup.change')}
                </Button>
                <Button size="small" onClick={() => ask(team)}>
                  {t('operate.inbox.setup.delete')}
                </Button>
              </span>
            ) : null}
          </li>
        ))}
      </ul>
      {edited ? <TeamDialog team={edited === 'new' ? null : edited} onClose={() => setEdited(null)} /> : null}
    </Panel>
  )
}
