import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useT, useWord } from '@/kernel/i18n'
import { Button, DateTime, EmptyState, Loaded, Panel } from '@/kernel/ui'
import { intentsQuery, type Trace } from './queries'
import styles from './reach.module.css'
import { TraceSteps } from './trace-steps'

const KINDS = ['broadcast', 'autoreply', 'agent', 'journey', 'menu'] as const

const useStepName = () => {
  const t = useT()
  return (step: string) => {
    const [kind, id = ''] = step.split(':')
    const known = KINDS.find((each) => each === kind)
    return known ? t(`operate.reach.kind.${known}`, { id }) : step
  }
}

const Message = ({ trace }: { trace: Trace }) => {
  const t = useT()
  const word = useWord()
  const stepName = useStepName()
  const [isOpen, setIsOpen] = useState(false)
  const refused = trace.rule && trace.state !== 'sent' ? word('operate.reach.rule', trace.rule) : null
  return (
    <li className={styles.entry}>
      <div className={styles.head}>
        <span className={styles.grow}>
          {stepName(trace.step)} · {word('kernel.channel', trace.channel)}
        </span>
        <span>
          {t(`operate.reach.state.${trace.state}`)}
          {refused ? <span className={styles.hint}> · {refused}</span> : null}
        </span>
        <DateTime at={trace.done_at ?? trace.due_at} />
        <Button size="small" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {t('operate.reach.why')}
        </Button>
      </div>
      {isOpen ? <TraceSteps trace={trace} /> : null}
    </li>
  )
}

/** All that was to be said to a person, each with why it went out or not. */
export const MessagesPanel = ({ personId }: { personId: number }) => {
  const t = useT()
  const query = useInfiniteQuery(intentsQuery(personId))
  return (
    <Panel title={t('operate.reach.messages')} note={t('operate.reach.note')}>
      <Loaded query={query} height={160}>
        {({ pages }) => {
          const traces = pages.flatMap((page) => page.items)
          if (traces.length === 0) return <EmptyState title={t('operate.reach.none')} />
          return (
            <>
              <ul className={styles.list}>
                {traces.map((trace) => (
                  <Message key={trace.intent_id} trace={trace} />
                ))}
              </ul>
              {query.hasNextPage ? (
                <Button loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
                  {t('operate.reach.older')}
                </Button>
              ) : null}
            </>
          )
        }}
      </Loaded>
    </Panel>
  )
}
