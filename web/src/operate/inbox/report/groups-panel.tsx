import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Period } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { EmptyState, Loaded, Panel, Segmented, type Twin } from '@/kernel/ui'
import { TwinTable } from '@/kernel/ui/twin-table'
import { agentsQuery, setupQuery } from '../queries'
import { useDuration } from './duration'
import { type Grouping, type Row, reportQuery } from './queries'

const GROUPS = ['agent', 'team', 'channel'] as const

const useNames = (groupBy: Grouping) => {
  const t = useT()
  const word = useWord()
  const { data: agents } = useQuery(agentsQuery)
  const { data: setup } = useQuery(setupQuery)
  return ({ group_key: key }: Row): string => {
    if (!key) return t(groupBy === 'team' ? 'operate.inbox.report.noTeam' : 'operate.inbox.report.nobody')
    if (groupBy === 'channel') return word('kernel.channel', key)
    if (groupBy === 'team')
      return setup?.teams.find(({ team_id }) => String(team_id) === key)?.name ?? `#${key}`
    const agent = agents?.items.find(({ user_id }) => String(user_id) === key)
    return agent?.name || agent?.email || `#${key}`
  }
}

/** Rows of a report as a table: how many, how fast, how late, how well. */
export const useReportTwin = (rows: Row[], first: string, nameOf: (row: Row) => string): Twin => {
  const t = useT()
  const format = useFormats()
  const duration = useDuration()
  const count = (value: unknown) => format.count(Number(value))
  const span = (value: unknown) => duration(Number(value))
  const share = (value: unknown) => format.share(Number(value))
  const score = (value: unknown) => format.decimal(Number(value), 2)
  const of = (part: number, whole: number) => (whole > 0 ? part / whole : null)
  return {
    columns: [
      { key: 'name', title: first },
      { key: 'opened', title: t('operate.inbox.report.opened'), isNumber: true, format: count },
      { key: 'closed', title: t('operate.inbox.report.closed'), isNumber: true, format: count },
      { key: 'response', title: t('operate.inbox.report.response'), isNumber: true, format: span },
      { key: 'slow', title: t('operate.inbox.report.responseSlow'), isNumber: true, format: span },
      { key: 'open', title: t('operate.inbox.report.responseOpen'), isNumber: true, format: span },
      { key: 'late', title: t('operate.inbox.report.late'), isNumber: true, format: share },
      { key: 'resolution', title: t('operate.inbox.report.resolution'), isNumber: true, format: span },
      { key: 'rated', title: t('operate.inbox.report.rated'), isNumber: true, format: count },
      { key: 'score', title: t('operate.inbox.report.score'), isNumber: true, format: score },
    ],
    rows: rows.map((row) => ({
      name: nameOf(row),
      opened: row.opened,
      closed: row.closed,
      response: row.response_p50_s,
      slow: row.response_p90_s,
      open: row.response_open_p50_s,
      late: of(row.late_responses, row.promised_responses),
      resolution: row.resolution_p50_s,
      rated: row.rated,
      score: row.score,
    })),
  }
}

/** The report by agent, team or channel. */
export const GroupsPanel = ({ period }: { period: Period }) => {
  const t = useT()
  const { timeZone } = useFormats()
  const [groupBy, setGroupBy] = useState<(typeof GROUPS)[number]>('agent')
  const query = useQuery(reportQuery(groupBy, period, timeZone))
  const twin = useReportTwin(
    query.data?.items ?? [],
    t(`operate.inbox.report.by.${groupBy}`),
    useNames(groupBy),
  )
  return (
    <Panel
      title={t('operate.inbox.report.groups')}
      twin={twin.rows.length > 0 ? twin : undefined}
      fileName={`fanwheel-inbox-${groupBy}`}
      actions={
        <Segmented
          size="small"
          aria-label={t('operate.inbox.report.groups')}
          value={groupBy}
          onChange={setGroupBy}
          options={GROUPS.map((value) => ({ value, label: t(`operate.inbox.report.by.${value}`) }))}
        />
      }
    >
      <Loaded query={query} height={200}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('operate.inbox.report.empty')} />
          ) : (
            <section id="inbox-report-groups" aria-label={t('operate.inbox.report.groups')}>
              <TwinTable twin={twin} labelledBy="inbox-report-groups" />
            </section>
          )
        }
      </Loaded>
    </Panel>
  )
}
