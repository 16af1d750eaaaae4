import { useQuery } from '@tanstack/react-query'
import { useT, useWord } from '@/kernel/i18n'
import { Button, Dropdown, Select } from '@/kernel/ui'
import { BackIcon, CheckIcon, PauseIcon, UndoIcon, UserIcon } from '@/kernel/ui/icons'
import { type Deeds, MOMENTS, type Moment } from './deeds'
import styles from './inbox.module.css'
import { agentsQuery, type Conversation, setupQuery, type Thread } from './queries'

const PRIORITIES = [2, 1, 0, -1] as const

interface HeadProps {
  conversation: Conversation
  rating: Thread['rating'] | null
  deeds: Deeds
  canWrite: boolean
  isSnoozing: boolean
  onSnoozing: (isOpen: boolean) => void
  onBack?: () => void
  onPortrait?: () => void
}

const Choices = ({ conversation, deeds }: Pick<HeadProps, 'conversation' | 'deeds'>) => {
  const t = useT()
  const { data: agents } = useQuery(agentsQuery)
  const { data: setup } = useQuery(setupQuery)
  const teams = setup?.teams ?? []
  return (
    <>
      <Select
        size="small"
        className={styles.assignee}
        showSearch={{ optionFilterProp: 'label' }}
        aria-label={t('operate.inbox.thread.assignee')}
        value={conversation.assignee_id ?? 0}
        onChange={(user) => deeds.change({ assignee_id: user || null })}
        options={[
          { value: 0, label: t('operate.inbox.list.nobody') },
          ...(agents?.items ?? []).map(({ user_id, name, email }) => ({
            value: user_id,
            label: name || email,
          })),
        ]}
      />
      {teams.length > 0 ? (
        <Select
          size="small"
          className={styles.assignee}
          allowClear
          placeholder={t('operate.inbox.thread.team')}
          aria-label={t('operate.inbox.thread.team')}
          value={conversation.team_id}
          onChange={(team) => deeds.change({ team_id: team ?? null })}
          options={teams.map(({ team_id, name }) => ({ value: team_id, label: name }))}
        />
      ) : null}
      <Select
        size="small"
        aria-label={t('operate.inbox.thread.priority.label')}
        value={conversation.priority}
        onChange={(priority) => deeds.change({ priority })}
        options={PRIORITIES.map((value) => ({ value, label: t(`operate.inbox.thread.priority.${value}`) }))}
      />
    </>
  )
}

/** How the person found it last, or that they were asked. */
const Rating = ({ rating: { score } }: { rating: NonNullable<Thread['rating']> }) => {
  const t = useT()
  return (
    <span className={styles.channel}>
      {score ? t('operate.inbox.rating.given', { score }) : t('operate.inbox.rating.asked')}
    </span>
  )
}

/** Above the messages: who it is, who has it, and what can be done with it. */
export const Head = (props: HeadProps) => {
  const { conversation, rating, deeds, canWrite, isSnoozing, onSnoozing, onBack, onPortrait } = props
  const t = useT()
  const word = useWord()
  const isClosed = conversation.state === 'closed'
  return (
    <header className={styles.head}>
      <div className={styles.headTop}>
        {onBack ? (
          <Button
            type="text"
            icon={<BackIcon />}
            aria-label={t('operate.inbox.list.back')}
            onClick={onBack}
          />
        ) : null}
        <h2 className={styles.headName}>{conversation.name || `#${conversation.person_id}`}</h2>
        <span className={styles.channel}>{word('kernel.channel', conversation.channel)}</span>
        {rating ? <Rating rating={rating} /> : null}
        {onPortrait ? (
          <Button
            type="text"
            icon={<UserIcon />}
            aria-label={t('operate.inbox.thread.portrait')}
            onClick={onPortrait}
          />
        ) : null}
      </div>
      {canWrite ? (
        <div className={styles.headTools}>
          <Choices conversation={conversation} deeds={deeds} />
          <span className={styles.space} />
          <Dropdown
            open={isSnoozing}
            onOpenChange={onSnoozing}
            trigger={['click']}
            menu={{
              items: (Object.keys(MOMENTS) as Moment[]).map((key) => ({
                key,
                label: t(`operate.inbox.snooze.${key}`),
              })),
              onClick: ({ key }) => {
                onSnoozing(false)
                deeds.snooze(MOMENTS[key as Moment]())
              },
            }}
          >
            <Button size="small" icon={<PauseIcon aria-hidden="true" />} disabled={isClosed}>
              {t('operate.inbox.thread.snooze')}
            </Button>
          </Dropdown>
          <Button
            size="small"
            icon={
              conversation.state === 'open' ? (
                <CheckIcon aria-hidden="true" />
              ) : (
                <UndoIcon aria-hidden="true" />
              )
            }
            loading={deeds.isBusy}
            onClick={conversation.state === 'open' ? deeds.close : deeds.reopen}
          >
            {t(conversation.state === 'open' ? 'operate.inbox.thread.close' : 'operate.inbox.thread.reopen')}
          </Button>
        </div>
      ) : null}
    </header>
  )
}
