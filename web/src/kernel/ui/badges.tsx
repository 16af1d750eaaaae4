import type { DomainName, StageName } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import styles from './badges.module.css'
import { domainColor } from './tokens'

const asDomain = (value: string): DomainName => (value in domainColor ? (value as DomainName) : 'unknown')

interface DomainDotProps {
  /** A domain's name; any other word counts as unknown. */
  domain: string
  /** What to say beside the dot; the domain's name by default. */
  label?: string
}

/** A square in the domain's colour with words beside it: never colour alone. */
export const DomainDot = ({ domain: given, label }: DomainDotProps) => {
  const t = useT()
  const domain = asDomain(given)
  const name = t(`kernel.domain.${domain}`)
  const isNamed = label !== undefined && label !== '' && label !== name
  return (
    <span className={styles.domain} title={isNamed ? name : undefined}>
      <span
        className={styles.square}
        style={{ background: domainColor[domain] }}
        {...(isNamed ? { role: 'img', 'aria-label': name } : { 'aria-hidden': true })}
      />
      <span className={styles.name}>{label ?? name}</span>
    </span>
  )
}

/** How far a person has come: five notches, filled up to the stage, and its name. */
export const StageBadge = ({ stage }: { stage: StageName }) => {
  const t = useT()
  return (
    <span className={styles.stage} data-stage={stage}>
      {t(`kernel.stage.${stage}`)}
    </span>
  )
}
