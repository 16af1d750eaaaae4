import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useT, useWord } from '@/kernel/i18n'
import {
  Button,
  EmptyState,
  Input,
  InputNumber,
  Panel,
  Refusal,
  Select,
  Switch,
  useNotice,
} from '@/kernel/ui'
import { PlusIcon, UpIcon } from '@/kernel/ui/icons'
import type { Setup } from '../queries'
import { accountsQuery, type PolicyBody, putPolicies, refreshSetup } from './queries'
import styles from './setup.module.css'

const SPANS = ['first_response_s', 'next_response_s', 'resolution_s'] as const
const PRIORITIES = [2, 1, 0, -1] as const
const MINUTE = 60

interface LineProps {
  policy: PolicyBody
  place: number
  setup: Setup
  channels: string[]
  canWrite: boolean
  onChange: (change: Partial<PolicyBody>) => void
  onUp: () => void
  onRemove: () => void
}

const Line = ({ policy, place, setup, channels, canWrite, onChange, onUp, onRemove }: LineProps) => {
  const t = useT()
  const word = useWord()
  const any = t('operate.inbox.setup.promise.any')
  return (
    <li className={styles.row}>
      <span className={styles.field}>
        {t('operate.inbox.setup.promise.name')}
        <Input
          className={styles.wide}
          disabled={!canWrite}
          maxLength={100}
          aria-label={t('operate.inbox.setup.promise.name')}
          value={policy.name}
          onChange={({ target }) => onChange({ name: target.value })}
        />
      </span>
      {SPANS.map((span) => (
        <span key={span} className={styles.field}>
          {t(`operate.inbox.setup.promise.${span}`)}
          <InputNumber
            disabled={!canWrite}
            min={1}
            max={90 * 1440}
            suffix={t('operate.inbox.setup.promise.minutes')}
            aria-label={t(`operate.inbox.setup.promise.${span}`)}
            value={policy[span] ? Math.round(policy[span] / MINUTE) : null}
            onChange={(minutes) => onChange({ [span]: minutes ? minutes * MINUTE : null })}
          />
        </span>
      ))}
      <span className={styles.field}>
        {t('operate.inbox.setup.promise.channel')}
        <Select
          disabled={!canWrite}
          style={{ minWidth: 130 }}
          aria-label={t('operate.inbox.setup.promise.channel')}
          value={policy.channel ?? ''}
          onChange={(channel) => onChange({ channel: channel || null })}
          options={[
            { value: '', label: any },
            ...channels.map((value) => ({ value, label: word('kernel.channel', value) })),
          ]}
        />
      </span>
      <span className={styles.field}>
        {t('operate.inbox.thread.team')}
        <Select
          disabled={!canWrite}
          style={{ minWidth: 110 }}
          aria-label={t('operate.inbox.thread.team')}
          value={policy.team_id ?? 0}
          onChange={(team) => onChange({ team_id: team || null })}
          options={[
            { value: 0, label: any },
            ...setup.teams.map(({ team_id, name }) => ({ value: team_id, label: name })),
          ]}
        />
      </span>
      <span className={styles.field}>
        {t('operate.inbox.thread.priority.label')}
        <Select<number | 'any'>
          disabled={!canWrite}
          style={{ minWidth: 90 }}
          aria-label={t('operate.inbox.thread.priority.label')}
          value={policy.priority ?? 'any'}
          onChange={(priority) => onChange({ priority: priority === 'any' ? null : priority })}
          options={[
            { value: 'any', label: any },
            ...PRIORITIES.map((value) => ({ value, label: t(`operate.inbox.thread.priority.${value}`) })),
          ]}
        />
      </span>
      <span className={styles.tools}>
        <Switch
          size="small"
          disabled={!canWrite}
          aria-label={t('operate.inbox.setup.promise.inHours')}
          checked={policy.is_in_hours ?? true}
          onChange={(is_in_hours) => onChange({ is_in_hours })}
        />
        {t('operate.inbox.setup.promise.inHours')}
      </span>
      {canWrite ? (
        <span className={styles.tools}>
          <Button
            size="small"
            icon={<UpIcon aria-hidden="true" />}
            disabled={place === 0}
            aria-label={t('operate.inbox.setup.promise.up', { name: policy.name })}
            onClick={onUp}
          />
          <Button size="small" onClick={onRemove}>
            {t('operate.inbox.setup.delete')}
          </Button>
        </span>
      ) : null}
    </li>
  )
}

/** How soon people are answered; the first promise that fits counts. */
export const PromisesPanel = ({ setup, canWrite }: { setup: Setup; canWrite: boolean }) => {
  const t = useT()
  const notice = useNotice()
  const { data: accounts } = useQuery(accountsQuery)
  const [policies, setPolicies] = useState<(PolicyBody & { key: number })[]>(() =>
    setup.policies.map(({ policy_id: key, ...policy }) => ({ ...policy, key })),
  )
  const saving = useMutation({
    mutationFn: () => putPolicies(policies.map(({ key: _, ...policy }) => policy)),
    onSuccess: async () => {
      await refreshSetup()
      notice.success(t('operate.inbox.setup.saved'))
    },
  })
  const channels = [...new Set(accounts?.items.map(({ channel }) => channel))]
  const add = () =>
    setPolicies([
      ...policies,
      {
        key: -Date.now(),
        name: t('operate.inbox.setup.promise.usual'),
        first_response_s: 30 * MINUTE,
        next_response_s: 60 * MINUTE,
        resolution_s: null,
        is_in_hours: true,
      },
    ])
  const up = (place: number) => {
    const moved = [...policies]
    const [taken] = moved.splice(place, 1)
    if (taken) moved.splice(place - 1, 0, taken)
    setPolicies(moved)
  }
  return (
    <Panel
      title={t('operate.inbox.setup.promise.title')}
      note={
        <>
          {t('operate.inbox.setup.promise.note')}{' '}
          <Link to="/auto-replies">{t('operate.inbox.setup.promise.hours')}</Link>
        </>
      }
      actions={
        canWrite ? (
          <Button icon={<PlusIcon aria-hidden="true" />} onClick={add}>
            {t('operate.inbox.setup.promise.add')}
          </Button>
        ) : null
      }
    >
      {policies.length === 0 ? <EmptyState title={t('operate.inbox.setup.promise.none')} /> : null}
      <ul className={styles.rows}>
        {policies.map((policy, place) => (
          <Line
            key={policy.key}
            policy={policy}
            place={place}
            setup={setup}
            channels={channels}
            canWrite={canWrite}
            onChange={(change) =>
              setPolicies(policies.map((each) => (each.key === policy.key ? { ...each, ...change } : each)))
            }
            onUp={() => up(place)}
            onRemove={() => setPolicies(policies.filter(({ key }) => key !== policy.key))}
          />
        ))}
      </ul>
      <Refusal error={saving.error} />
      {canWrite && (policies.length > 0 || setup.policies.length > 0) ? (
        <Button type="primary" loading={saving.isPending} onClick={() => saving.mutate()}>
          {t('operate.inbox.setup.promise.save')}
        </Button>
      ) : null}
    </Panel>
  )
}
