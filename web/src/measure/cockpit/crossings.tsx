import type { FlowsReport, KnownDomain } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { domainColor } from '@/kernel/ui'
import styles from './crossings.module.css'
import { crossed } from './flow-figures'

const WAYS: readonly (readonly [KnownDomain, KnownDomain])[] = [
  ['public', 'private'],
  ['commercial', 'private'],
  ['public', 'commercial'],
  ['private', 'public'],
  ['private', 'commercial'],
  ['commercial', 'public'],
]

/** Who crossed from one domain to another, both ways: a Sankey cannot show that people come back. */
export const Crossings = ({ flows }: { flows: FlowsReport }) => {
  const t = useT()
  const format = useFormats()
  const short = (domain: KnownDomain) => t(`measure.cockpit.short.${domain}`)
  return (
    <section aria-label={t('measure.cockpit.flows.crossings')}>
      <h3 className={styles.heading}>{t('measure.cockpit.flows.crossings')}</h3>
      <ul className={styles.ways}>
        {WAYS.map(([from, to]) => (
          <li key={`${from}-${to}`} className={styles.way}>
            <span className={styles.mark} aria-hidden="true" style={{ background: domainColor[from] }} />
            {short(from)}
            <span aria-hidden="true">→</span>
            <span className="visually-hidden">{t('measure.cockpit.flows.toward')}</span>
            <span className={styles.mark} aria-hidden="true" style={{ background: domainColor[to] }} />
            {short(to)}
            <b className={styles.figure}>{format.count(crossed(flows, from, to))}</b>
          </li>
        ))}
      </ul>
    </section>
  )
}
