import { useT } from '@/kernel/i18n'
import { Copyable, Panel } from '@/kernel/ui'
import styles from './verdict.module.css'

const EXAMPLE = JSON.stringify(
  { type: 'track', event: 'Holdout Assigned', userId: 'u-1042', properties: { holdout: 'universal' } },
  null,
  2,
)

const PAGE = 'docs/measure/how-many-people-must-i-hold-out.md'

interface FirstHoldoutProps {
  /** In the server's words, why nothing can be compared. */
  reason: string | null
}

/** Nobody to compare with: why nothing can be proven, and how to begin. */
export const FirstHoldout = ({ reason }: FirstHoldoutProps) => {
  const t = useT()
  return (
    <Panel title={t('measure.verdict.first.title')} note={t('measure.verdict.first.lead')}>
      {reason ? (
        <p className={styles.reason} lang="en">
          {reason}
        </p>
      ) : null}
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
