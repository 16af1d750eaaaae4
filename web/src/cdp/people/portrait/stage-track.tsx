import type { CSSProperties } from 'react'
import type { StageName } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { DateTime, Nothing, STAGES, stageColor } from '@/kernel/ui'
import styles from './portrait.module.css'

/** The five stages with the day each was first reached; some may be skipped. */
export const StageTrack = ({ stages }: { stages: Record<StageName, string | null> }) => {
  const t = useT()
  return (
    <ol className={styles.track}>
      {STAGES.map((stage) => {
        const at = stages[stage]
        const mark = at ? ({ '--mark': stageColor[stage] } as CSSProperties) : undefined
        return (
          <li key={stage} className={styles.step} style={mark}>
            <span className={at ? styles.stepName : `${styles.stepName} ${styles.ahead}`}>
              {t(`kernel.stage.${stage}`)}
            </span>
            <span className={styles.when}>{at ? <DateTime at={at} style="date" /> : <Nothing />}</span>
          </li>
        )
      })}
    </ol>
  )
}
