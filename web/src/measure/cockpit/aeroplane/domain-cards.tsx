import { Link } from '@tanstack/react-router'
import type { FlowsReport, KnownDomain } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { domainColor, domainTextColor } from '@/kernel/ui'
import { touched } from '../flow-figures'
import styles from './aeroplane.module.css'

const DOMAINS: readonly KnownDomain[] = ['public', 'commercial', 'private']

/** The aeroplane where there is no room for one: three cards. */
export const DomainCards = ({ flows }: { flows: FlowsReport }) => {
  const t = useT()
  const format = useFormats()
  return (
    <nav className={styles.cards} aria-label={t('measure.cockpit.plane.title')}>
      {DOMAINS.map((domain) => (
        <Link
          key={domain}
          to="/people"
          search={{ domain }}
          className={styles.card}
          style={{ borderLeftColor: domainColor[domain] }}
        >
          <span className={styles.cardName} style={{ color: domainTextColor[domain] }}>
            {t(`measure.cockpit.short.${domain}`)}
          </span>
          <span className={styles.cardFigure}>{format.compact(touched(flows, domain))}</span>
        </Link>
      ))}
    </nav>
  )
}
