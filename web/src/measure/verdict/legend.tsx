import { useT } from '@/kernel/i18n'
import { color } from '@/kernel/ui'
import { BarMark, CreditMark, TruthMark, Whisker } from './marks'
import styles from './verdict.module.css'

/** What the marks mean. */
export const Legend = ({ hasTruth }: { hasTruth: boolean }) => {
  const t = useT()
  const items = [
    { key: 'caused', mark: <BarMark from={2} to={20} y={2} height={12} tint={color.primary} /> },
    { key: 'open', mark: <BarMark from={2} to={20} y={2} height={12} tint={color.uncertain} isOpen /> },
    { key: 'interval', mark: <Whisker low={2} high={20} y={8} /> },
    { key: 'credited', mark: <CreditMark x={11} y={8} /> },
    ...(hasTruth ? [{ key: 'truth', mark: <TruthMark x={11} y={8} /> } as const] : []),
  ] as const
  return (
    <ul className={styles.legend}>
      {items.map(({ key, mark }) => (
        <li key={key}>
          <svg width="22" height="16" aria-hidden="true">
            {mark}
          </svg>
          {t(`measure.verdict.legend.${key}`)}
        </li>
      ))}
    </ul>
  )
}
