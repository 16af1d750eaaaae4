import { PeopleTable } from '@/cdp/people/people-table'
import { SegmentPage } from '@/cdp/segments/page/segment-page'
import { useT } from '@/kernel/i18n'
import { EmptyState } from '@/kernel/ui'

const Members = ({ segmentId }: { segmentId: number }) => {
  const t = useT()
  return (
    <PeopleTable
      search={{ segment_id: segmentId }}
      label={t('cdp.segments.members')}
      empty={<EmptyState title={t('cdp.segments.noMembers')} />}
    />
  )
}

/** One segment with its people. */
const SegmentRoute = () => <SegmentPage members={(segmentId) => <Members segmentId={segmentId} />} />

export default SegmentRoute
