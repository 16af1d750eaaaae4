import { useT } from '@/kernel/i18n'
import styles from './broadcasts.module.css'
import type { State } from './types'

const LOOKS: Readonly<Record<State, { mark: string; tone: string }>> = {
  draft: { mark: '✎', tone: 'open' },
  in_review: { mark: '?', tone: 'asks' },
  approved: { mark: '✓', tone: 'going' },
  scheduled: { mark: '◷', tone: 'going' },
  running: { mark: '▶', tone: 'going' },
  paused: { mark: '❚❚', tone: 'asks' },
  done: { mark: '✓', tone: 'plain' },
  canceled: { mark: '✕', tone: 'bad' },
}

/** How far a broadcast is: a sign and a word, never colour alone. */
export const StateChip = ({ state }: { state: State }) => {
  const t = useT()
  const { mark, tone } = LOOKS[state]
  return (
    <span className={styles.chip} data-tone={tone}>
      <span aria-hidden="true">{mark}</span>
      {t(`operate.broadcasts.state.${state}`)}
    </span>
  )
}
