import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Loaded, Page, Readout, ReadoutStrip, Segmented } from '@/kernel/ui'
import styles from './ingest.module.css'
import { KeysPanel } from './keys-panel'
import { LivePanel } from './live-panel'
import { statsQuery } from './queries'
import { RatePanel } from './rate-panel'
import { RefusedPanel } from './refused-panel'

const SPANS = [15, 60, 1440, 10080] as const
const OUTCOMES = ['accepted', 'rejected', 'duplicate'] as const

/** What comes in, from whom, and what was refused. */
const IngestPage = () => {
  const t = useT()
  const format = useFormats()
  const canSeeEvents = useCan('events:read')
  const [minutes, setMinutes] = useState<number>(60)
  const query = useQuery(statsQuery(minutes))
  const tools = (
    <Segmented<number>
      aria-label={t('cdp.ingest.span')}
      value={minutes}
      onChange={setMinutes}
      options={SPANS.map((value) => ({ value, label: t(`cdp.ingest.minutes${value}`) }))}
    />
  )
  return (
    <Page title={t('cdp.ingest.title')} tools={tools}>
      <Loaded query={query} height={360}>
        {(stats) => (
          <>
            <ReadoutStrip label={t('cdp.ingest.readouts')}>
              {OUTCOMES.map((each) => (
                <Readout
                  key={each}
                  label={t(`cdp.ingest.${each}`)}
                  value={format.count(stats.totals[each])}
                  note={t(`cdp.ingest.${each}Note`)}
                />
              ))}
            </ReadoutStrip>
            <div className={styles.pair}>
              <RatePanel stats={stats} minutes={minutes} />
              <KeysPanel keys={stats.keys} />
            </div>
          </>
        )}
      </Loaded>
      {canSeeEvents ? (
        <div className={styles.pair}>
          <LivePanel />
          <RefusedPanel />
        </div>
      ) : null}
    </Page>
  )
}

export default IngestPage
