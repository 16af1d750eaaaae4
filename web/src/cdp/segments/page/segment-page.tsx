import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useCan } from '@/kernel/auth'
import { said, useT } from '@/kernel/i18n'
import { Alert, EmptyState, Loaded, Page, Panel } from '@/kernel/ui'
import { useCautionWords } from '../cautions'
import { segmentQuery } from '../queries'
import styles from '../segments.module.css'
import { sayRule } from '../sentence/sentence'
import { useWords } from '../use-words'
import type { SegmentDetail } from '../view'
import { CompositionPanel } from './composition-panel'
import { OverlapPanel } from './overlap-panel'
import { SegmentActions } from './segment-actions'
import { SegmentReadouts } from './segment-readouts'
import { SnapshotsPanel } from './snapshots-panel'
import { TrendPanel } from './trend-panel'
import { WhyPanel } from './why-panel'

interface SegmentPageProps {
  /** The table of who is in, which belongs to the people's slice. */
  members: (segmentId: number) => ReactNode
}

const Asked = ({ segment }: { segment: SegmentDetail }) => {
  const t = useT()
  const words = useWords()
  const cautionWords = useCautionWords()
  return (
    <Panel title={t('cdp.segments.column.rule')}>
      <p className={styles.said}>{sayRule(words, segment.rule)}</p>
      {segment.description ? <p className={styles.description}>{segment.description}</p> : null}
      {segment.warnings.map((each) => (
        <p key={`${each.code} ${each.path}`} className={styles.description}>
          {cautionWords(each)}
        </p>
      ))}
    </Panel>
  )
}

const Whole = ({ segment, members }: SegmentPageProps & { segment: SegmentDetail }) => {
  const t = useT()
  const seesPeople = useCan('people:read')
  const id = segment.segment_id
  const isBuilt = segment.built_at !== null
  return (
    <>
      {segment.status === 'failed' ? (
        <Alert
          role="alert"
          type="error"
          title={t('cdp.segments.failed')}
          description={segment.error && said(segment.error)}
        />
      ) : null}
      <SegmentReadouts segment={segment} />
      <div className={styles.columns}>
        <div className={styles.stack}>
          <Asked segment={segment} />
          <TrendPanel trend={segment.trend} />
          {isBuilt ? <OverlapPanel segmentId={id} /> : null}
        </div>
        <div className={styles.stack}>
          {isBuilt ? <CompositionPanel segmentId={id} size={segment.size} /> : null}
          {seesPeople && segment.status !== 'draft' ? <WhyPanel segment={segment} /> : null}
          {isBuilt ? <SnapshotsPanel segmentId={id} /> : null}
        </div>
      </div>
      {seesPeople && isBuilt ? (
        <Panel title={t('cdp.segments.members')} flush>
          <div className={styles.members}>{members(id)}</div>
        </Panel>
      ) : null}
    </>
  )
}

/** One segment: what it asks, who is in, how that moves. */
export const SegmentPage = ({ members }: SegmentPageProps) => {
  const t = useT()
  const canWrite = useCan('segments:write')
  const canExport = useCan('people:read')
  const { segmentId } = useParams({ from: '/shell/segments/$segmentId' })
  const id = Number(segmentId)
  const isId = Number.isSafeInteger(id) && id > 0
  const query = useQuery({ ...segmentQuery(id), enabled: isId })
  const segment = query.data
  const above = (
    <>
      <Link to="/segments">{t('cdp.segments.title')}</Link> /
    </>
  )
  return (
    <Page
      title={segment?.name ?? t('cdp.segments.one')}
      above={above}
      tools={segment ? <SegmentActions segment={segment} canWrite={canWrite} canExport={canExport} /> : null}
    >
      {isId ? (
        <Loaded query={query} height={480}>
          {(data) => <Whole segment={data} members={members} />}
        </Loaded>
      ) : (
        <EmptyState title={t('cdp.segments.noSuch')} />
      )}
    </Page>
  )
}
