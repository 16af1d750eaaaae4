import type { VerdictState } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { color } from '@/kernel/ui'
import styles from './state-chip.module.css'

/** The mark of each state: never colour alone. */
export const stateMark: Readonly<Record<VerdictState, string>> = { wasted: '▼', working: '▲', unproven: '○' }

export const stateColor: Readonly<Record<VerdictState, string>> = {
  wasted: color.waste,
  working: color.primary,
  unproven: color.uncertain,
}

export const stateTextColor: Readonly<Record<VerdictState, string>> = {
  wasted: color.wasteText,
  working: color.primary,
  unproven: color.secondary,
}

/** Wasted, working, or not yet proven. */
export const StateChip = ({ state }: { state: VerdictState }) => {
  const t = useT()
  return (
    <span className={styles.chip} data-state={state}>
      <span aria-hidden="true" className={styles.mark}>
        {stateMark[state]}
      </span>
      {t(`measure.verdict.state.${state}`)}
    </span>
  )
}
