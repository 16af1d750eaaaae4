import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useActorName } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { Button, Panel } from '@/kernel/ui'
import { ViewIcon } from '@/kernel/ui/icons'
import styles from './broadcasts.module.css'
import { accountsQuery, listsQuery, segmentsQuery, templatesQuery } from './queries'
import type { Broadcast, Source } from './types'
import { useScheduleText } from './words'

const useNameOf = () => {
  const segments = useQuery(segmentsQuery)
  const lists = useQuery(listsQuery)
  return ({ segment_id: segment, list_id: list }: Source): string =>
    [
      segment
        ? (segments.data?.items.find(({ segment_id: id }) => id === segment)?.name ?? `#${segment}`)
        : '',
      list ? (lists.data?.items.find(({ list_id: id }) => id === list)?.name ?? `#${list}`) : '',
    ]
      .filter(Boolean)
      .join(' + ')
}

interface SetupPanelProps {
  broadcast: Broadcast
  onPreview: (templateId: number) => void
}

const Ways = ({ broadcast: { routes }, onPreview }: SetupPanelProps) => {
  const t = useT()
  const word = useWord()
  const accounts = useQuery(accountsQuery)
  const templates = useQuery(templatesQuery)
  return (
    <ol className={styles.ways}>
      {routes.map(({ channel, account_id: accountId, template_id: templateId }) => {
        const account = accounts.data?.items.find(({ account_id: id }) => id === accountId)
        const template = templates.data?.items.find(({ template_id: id }) => id === templateId)
        return (
          <li key={`${accountId} ${templateId}`} className={styles.way}>
            <div className={styles.wayHead}>
              <span className={styles.grow}>
                {word('operate.broadcasts.channels', channel)}
                {template ? ` · ${template.name}` : ''}
              </span>
              {templateId ? (
                <Button size="small" icon={<ViewIcon />} onClick={() => onPreview(templateId)}>
                  {t('operate.broadcasts.edit.preview')}
                </Button>
              ) : null}
            </div>
            <span className={styles.hint}>{account?.name}</span>
          </li>
        )
      })}
    </ol>
  )
}

const useFacts = (broadcast: Broadcast): [string, ReactNode][] => {
  const t = useT()
  const format = useFormats()
  const nameOf = useNameOf()
  const say = useScheduleText()
  const actorName = useActorName()
  const lists = useQuery(listsQuery)
  const { audience, schedule, per_minute: pace, experiment: test, holdout_share: held, approval } = broadcast
  const without = (audience.without ?? []).map(nameOf).join(', ')
  const seeds = lists.data?.items.find(({ list_id: id }) => id === broadcast.seed_list_id)
  const facts: [string, ReactNode][] = [
    [
      t('operate.broadcasts.report.audienceOf'),
      [nameOf(audience), without && t('operate.broadcasts.report.without', { names: without })]
        .filter(Boolean)
        .join(' '),
    ],
    [t('operate.broadcasts.edit.purpose'), t(`operate.broadcasts.purposes.${broadcast.purpose}`)],
    [
      t('operate.broadcasts.report.schedule'),
      [say(schedule), pace && t('operate.broadcasts.report.throttled', { shown: format.count(pace) })]
        .filter(Boolean)
        .join(' · '),
    ],
    [
      t('operate.broadcasts.report.holdout'),
      held > 0 ? format.share(held) : t('operate.broadcasts.report.nobody'),
    ],
  ]
  if (test) {
    facts.push([
      t('operate.broadcasts.report.tested'),
      t('operate.broadcasts.report.testedText', {
        share: format.share(test.share ?? 0),
        metric: t(`operate.broadcasts.edit.metrics.${test.metric ?? 'clicked'}`),
        hours: format.count(test.max_hours ?? 0),
      }),
    ])
  }
  if (seeds) facts.push([t('operate.broadcasts.edit.seeds'), seeds.name])
  facts.push([t('operate.broadcasts.report.madeBy'), actorName(broadcast.created_by)])
  if (approval.state === 'approved' && approval.decided_by)
    facts.push([t('operate.broadcasts.report.approvedBy'), actorName(approval.decided_by)])
  if (broadcast.launched_by)
    facts.push([t('operate.broadcasts.report.launchedBy'), actorName(broadcast.launched_by)])
  return facts
}

/** All that was set, to be read and not to be changed. */
export const SetupPanel = ({ broadcast, onPreview }: SetupPanelProps) => {
  const t = useT()
  const facts = useFacts(broadcast)
  return (
    <Panel title={t('operate.broadcasts.report.setup')}>
      <Ways broadcast={broadcast} onPreview={onPreview} />
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
