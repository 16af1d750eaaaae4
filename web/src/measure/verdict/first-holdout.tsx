import type { VerdictNote } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { Copyable, Panel } from '@/kernel/ui'
import { useNoteText } from './note'
import styles from './verdict.module.css'

const EXAMPLE = JSON.stringify(
  {
    type: 'track',
    event: 'Holdout Assigned',
    userId: 'u-1042',
    properties: { holdout: 'universal', share: 0.1 },
  },
  null,
  2,
)

const PAGE = 'docs/measure/how-many-people-must-i-hold-out.md'

interface FirstHoldoutProps {
  /** Why nothing can be compared. */
  reason: VerdictNote | null
}

/** Nobody to compare with: why nothing can be proven, and how to begin. */
export const FirstHoldout = ({ reason }: FirstHoldoutProps) => {
  const t = useT()
  const say = useNoteText()
  return (
    <Panel title={t('measure.verdict.first.title')} note={t('measure.verdict.first.lead')}>
      {reason ? <p className={styles.reason}>{say(reason)}</p> : null}
      <ol className={styles.steps}>
        <li>{t('measure.verdict.first.choose')}</li>
        <li>
          {t('measure.verdict.first.send')}
          <Copyable text={EXAMPLE} label={t('measure.verdict.first.example')} />
        </li>
        <li>{t('measure.verdict.first.ghost')}</li>
      </ol>
      <p className={styles.more}>
        {t('measure.verdict.first.more')} <code className={styles.code}>{PAGE}</code>
      </p>
    </Panel>
  )
}
