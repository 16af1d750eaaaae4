import { Interval } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import styles from './experiments.module.css'
import { useOutcome } from './outcome'
import type { Experiment, Finding } from './queries'

const mark = { helps: '▲', harms: '▼', unproven: '○', unknown: '○' }

/** Helps, harms, or not yet proven. */
export const StateChip = ({ state }: Pick<Finding, 'state'>) => {
  const t = useT()
  return (
    <span className={styles.chip} data-state={state}>
      <span aria-hidden="true">{mark[state]}</span> {t(`measure.experiments.state.${state}`)}
    </span>
  )
}

interface FindingViewProps {
  experiment: Experiment
  finding: Finding
}

/** The effect in a sentence, drawn, and as the figures that it is made of. */
export const FindingView = ({ experiment: { outcome }, finding }: FindingViewProps) => {
  const t = useT()
  const format = useFormats()
  const { each, sum } = useOutcome(outcome)
  const { estimate, lower, upper, mean_treated: treated, mean_control: control } = finding
  const isKnown = estimate !== null && lower !== null && upper !== null
  const sentence = isKnown
    ? t(`measure.experiments.effect.${outcome}`, {
        estimate: each(estimate),
        lower: each(lower),
        upper: each(upper),
      })
    : ''
  const facts: [string, string][] = [
    [
      t('measure.experiments.treated'),
      [
        t('measure.experiments.people', {
          count: finding.people_treated,
          shown: format.count(finding.people_treated),
        }),
        treated === null ? '' : t('measure.experiments.mean', { mean: each(treated) }),
      ]
        .filter(Boolean)
        .join(' · '),
    ],
    [
      t('measure.experiments.control'),
      [
        t('measure.experiments.people', {
          count: finding.people_control,
          shown: format.count(finding.people_control),
        }),
        control === null ? '' : t('measure.experiments.mean', { mean: each(control) }),
      ]
        .filter(Boolean)
        .join(' · '),
    ],
  ]
  if (finding.lift !== null && finding.lift_lower !== null && finding.lift_upper !== null) {
    facts.push([
      t('measure.experiments.lift'),
      t('measure.experiments.range', {
        estimate: format.share(finding.lift),
        lower: format.share(finding.lift_lower),
        upper: format.share(finding.lift_upper),
      }),
    ])
  }
  if (finding.gained !== null && finding.gained_lower !== null && finding.gained_upper !== null) {
    facts.push([
      t('measure.experiments.gained'),
      t('measure.experiments.range', {
        estimate: sum(finding.gained),
        lower: sum(finding.gained_lower),
        upper: sum(finding.gained_upper),
      }),
    ])
  }
  if (finding.variance_reduction > 0.005) {
    facts.push([t('measure.experiments.variance'), format.share(finding.variance_reduction)])
  }
  return (
    <>
      {isKnown ? (
        <>
          <p className={styles.sentence}>{sentence}</p>
          <Interval state={finding.state} estimate={estimate} lower={lower} upper={upper} label={sentence} />
        </>
      ) : null}
      {finding.cautions.map((caution) => (
        <p key={caution} className={styles.caution}>
          {t(`measure.experiments.caution.${caution}`, {
            count: finding.people_in_both,
            shown: format.count(finding.people_in_both),
          })}
        </p>
      ))}
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
