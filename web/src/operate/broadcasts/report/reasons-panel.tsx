import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { EmptyState, Panel, ShareBar } from '@/kernel/ui'
import styles from '../broadcasts.module.css'
import type { Report } from '../types'
import type { Chosen } from './people-drawer'

interface ReasonsPanelProps {
  reasons: Report['why_not']
  audience: number
  onChoose?: (chosen: Chosen) => void
}

/** Why some did not get it, each reason with its people. */
export const ReasonsPanel = ({ reasons, audience, onChoose }: ReasonsPanelProps) => {
  const t = useT()
  const word = useWord()
  const format = useFormats()
  const sorted = [...reasons].sort((one, other) => other.people - one.people)
  return (
    <Panel
      title={t('operate.broadcasts.report.whyNot')}
      note={sorted.length > 0 && onChoose ? t('operate.broadcasts.report.whyNotNote') : undefined}
      flush
    >
      {sorted.length === 0 ? (
        <EmptyState title={t('operate.broadcasts.report.allSent')} />
      ) : (
        <ul className={styles.reasons}>
          {sorted.map(({ rule, state, people }) => {
            const label = rule
              ? word('operate.broadcasts.rule', rule)
              : word('operate.broadcasts.intent', state)
            const line = (
              <>
                <span>{label}</span>
                <ShareBar share={audience > 0 ? people / audience : 0} fill="#D9A35B" figuresWidth={56}>
                  {format.count(people)}
                </ShareBar>
              </>
            )
            return (
              <li key={`${rule} ${state}`}>
                {onChoose ? (
                  <button
                    type="button"
                    className={styles.reason}
                    onClick={() => onChoose({ rule: rule || undefined, state, title: label })}
                  >
                    {line}
                  </button>
                ) : (
                  <div className={styles.reason}>{line}</div>
                )}
              </li>
            )
          })}
        </ul>
      )}
    </Panel>
  )
}
