import type { DomainName, StageName } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import styles from './badges.module.css'
import { domainColor, STAGES, stageColor } from './tokens'

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
  return (
    <span className={styles.domain} title={label && label !== name ? name : undefined}>
      <span className={styles.square} style={{ background: domainColor[domain] }} aria-hidden="true" />
      <span className={styles.name}>{label ?? name}</span>
      {label && label !== name ? <span className="visually-hidden"> ({name})</span> : null}
    </span>
  )
}

/** How far a person has come: five notches, filled up to the stage, and its name. */
export const StageBadge = ({ stage }: { stage: StageName }) => {
  const t = useT()
  const reached = STAGES.indexOf(stage)
  return (
    <span className={styles.stage}>
      <span className={styles.notches} aria-hidden="true">
        {STAGES.map((each, index) => (
          <span
            key={each}
            className={styles.notch}
            style={
              index <= reached ? { background: stageColor[each], borderColor: stageColor[each] } : undefined
            }
          />
        ))}
      </span>
      {t(`kernel.stage.${stage}`)}
    </span>
  )
}
