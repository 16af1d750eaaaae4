import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Period } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { PeriodPicker, usePeriod } from '@/kernel/period'
import { Alert, Loaded, Page } from '@/kernel/ui'
import { AeroplanePanel } from './aeroplane/aeroplane-panel'
import styles from './cockpit.module.css'
import { CohortsPanel } from './cohorts-panel'
import { FirstDay } from './first-day'
import { isEmpty, useFirstEvents } from './first-events'
import { FlowsPanel } from './flows-panel'
import { attributionQuery, flowsQuery, readoutsQuery, referralQuery, stagesQuery } from './queries'
import { ReadoutsStrip } from './readouts-strip'
import { ReferralPanel } from './referral-panel'
import { SpendPanel } from './spend-panel'
import { StagesPanel } from './stages-panel'

/** Orders that no sum contains, because nobody has said what their currency is worth. */
const Unconverted = ({ count }: { count: number }) => {
  const t = useT()
  if (count === 0) return null
  return (
    <Alert
      type="warning"
      showIcon
      title={t('measure.cockpit.unconverted', { count })}
      action={<Link to="/settings/workspace">{t('measure.cockpit.setRates')}</Link>}
    />
  )
}

/** What came of it: spend, repurchase, referral. */
const Proceeds = ({ period }: { period: Period }) => {
  const attribution = useQuery(attributionQuery(period))
  const referral = useQuery(referralQuery())
  return (
    <>
      <div className={styles.grid}>
        <div className={styles.span7}>
          <Loaded query={attribution} height={360}>
            {(data) => <SpendPanel report={data} className={styles.fill} />}
          </Loaded>
        </div>
        <CohortsPanel className={styles.span5} />
      </div>
      <Loaded query={referral} height={300}>
        {(data) => <ReferralPanel report={data} />}
      </Loaded>
    </>
  )
}

/** The whole business at a glance. */
const CockpitPage = () => {
  const t = useT()
  const format = useFormats()
  const [period, search, choosePeriod] = usePeriod()
  const watch = useFirstEvents()
  const readouts = useQuery(readoutsQuery(period))
  const stages = useQuery({ ...stagesQuery(period), refetchInterval: watch })
  const flows = useQuery(flowsQuery(period))
  const hasNobody = stages.data !== undefined && isEmpty(stages.data)
  const asOf = readouts.data
    ? t('measure.cockpit.asOf', { time: format.clock(readouts.data.as_of, true) })
    : ''
  const days = t('measure.cockpit.period', { from: format.day(period.from), to: format.day(period.to) })
  return (
    <Page
      title={t('measure.cockpit.title')}
      note={
        <>
          {days}
          <span className={styles.asOf}>{asOf}</span>
        </>
      }
      tools={<PeriodPicker value={search} onChange={choosePeriod} />}
    >
      <Loaded query={readouts} height={104}>
        {(data) => (
          <>
            <ReadoutsStrip readouts={data} />
            <Unconverted count={data.unconverted_orders} />
          </>
        )}
      </Loaded>
      {hasNobody ? <FirstDay /> : null}
      <Loaded query={stages} height={400}>
        {(stageData) => (
          <Loaded query={flows} height={400}>
            {(flowData) => (
              <>
                <AeroplanePanel stages={stageData} flows={flowData} />
                {hasNobody ? null : (
                  <div className={styles.grid}>
                    <FlowsPanel flows={flowData} className={styles.span8} />
                    <StagesPanel report={stageData} className={styles.span4} />
                  </div>
                )}
              </>
            )}
          </Loaded>
        )}
      </Loaded>
      {hasNobody ? null : <Proceeds period={period} />}
    </Page>
  )
}

export default CockpitPage
