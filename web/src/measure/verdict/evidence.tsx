import { Fragment, type ReactNode } from 'react'
import type { VerdictRow } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, Money, Popover } from '@/kernel/ui'
import { Estimate } from './amounts'
import styles from './evidence.module.css'
import { useNoteText } from './note'
import { usePlaceNames } from './place-names'

interface EvidenceProps {
  row: VerdictRow
  currency: string
}

/** What the verdict stands on, line by line. */
const useFacts = ({ row: { evidence, truth }, currency }: EvidenceProps): [string, ReactNode][] => {
  const t = useT()
  const format = useFormats()
  const placeNames = usePlaceNames()
  const facts: [string, ReactNode][] = []
  if (evidence.holdout !== null) {
    const name = evidence.holdout === 'universal' ? t('measure.verdict.evidence.universal') : evidence.holdout
    facts.push([t('measure.verdict.evidence.holdout'), name])
  }
  if (evidence.since !== null) {
    facts.push([t('measure.verdict.evidence.since'), format.day(evidence.since, { withYear: true })])
  }
  if (evidence.regions !== null) {
    facts.push([t('measure.verdict.evidence.regions'), format.count(evidence.regions)])
  }
  if (evidence.geo_test) {
    const { regions, saved_minor, caused } = evidence.geo_test
    facts.push(
      [t('measure.verdict.evidence.geo.where'), placeNames(regions)],
      [
        t('measure.verdict.evidence.geo.saved'),
        <Money key="saved" minor={saved_minor} currency={currency} compact />,
      ],
      [
        t('measure.verdict.evidence.geo.missing'),
        <Estimate key="missing" interval={caused} currency={currency} />,
      ],
    )
  }
  if (evidence.kind === 'holdout') {
    facts.push(
      [t('measure.verdict.evidence.open'), format.count(evidence.people_open)],
      [t('measure.verdict.evidence.held'), format.count(evidence.people_held)],
    )
  }
  if (evidence.estimator !== null) {
    facts.push([
      t('measure.verdict.evidence.estimator'),
      t(`measure.verdict.evidence.by.${evidence.estimator}`),
    ])
  }
  if (evidence.variance_reduction !== null) {
    facts.push([t('measure.verdict.evidence.variance'), format.share(evidence.variance_reduction)])
  }
  if (truth !== null) {
    facts.push([
      t('measure.verdict.evidence.truth'),
      <Money key="truth" minor={truth.caused_revenue_minor} currency={currency} compact />,
    ])
  }
  return facts
}

/** The evidence in full. */
export const EvidenceDetails = (props: EvidenceProps) => {
  const t = useT()
  const say = useNoteText()
  const { evidence, advice } = props.row
  const facts = useFacts(props)
  return (
    <div className={styles.details}>
      {evidence.why_not ? <p>{say(evidence.why_not)}</p> : null}
      {evidence.remarks.map((remark) => (
        <p key={remark.code}>{say(remark)}</p>
      ))}
      {facts.length > 0 ? (
        <dl className={styles.facts}>
          {facts.map(([name, value]) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </Fragment>
          ))}
        </dl>
      ) : null}
      {evidence.alarms.length > 0 ? (
        <div className={styles.alarms}>
          <p>{t('measure.verdict.evidence.alarms')}</p>
          <ul>
            {evidence.alarms.map((alarm) => (
              <li key={alarm.code}>{say(alarm)}</li>
            ))}
          </ul>
        </div>
      ) : null}
      {evidence.why_not ? null : (
        <p className={styles.advice}>{t('measure.verdict.evidence.advice', { why: say(advice.why) })}</p>
      )}
    </div>
  )
}

/** A button that says what kind of evidence there is, and shows it. */
export const EvidenceButton = (props: EvidenceProps & { name: string }) => {
  const t = useT()
  const { evidence } = props.row
  const kind = t(`measure.verdict.evidence.kind.${evidence.kind}`)
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      title={t('measure.verdict.evidence.title', { name: props.name })}
      content={<EvidenceDetails {...props} />}
    >
      <Button size="small" aria-haspopup="dialog" aria-label={`${kind}: ${props.name}`}>
        {evidence.alarms.length > 0 ? <span aria-hidden="true">⚠ </span> : null}
        {kind}
      </Button>
    </Popover>
  )
}
