import { useT } from '@/kernel/i18n'
import { EditIcon, FormulaIcon, SearchIcon, VerdictIcon } from '@/kernel/ui/icons'
import styles from './traits.module.css'
import type { Origin } from './view'

const ICONS = { declared: EditIcon, computed: FormulaIcon, score: VerdictIcon, observed: SearchIcon } as const

/** Where a trait comes from: a sign and a word. */
export const OriginMark = ({ origin }: { origin: Origin }) => {
  const t = useT()
  const Icon = ICONS[origin]
  return (
    <span className={styles.origin} data-origin={origin}>
      <Icon aria-hidden="true" /> {t(`cdp.traits.origin.${origin}`)}
    </span>
  )
}
