import { useInfiniteQuery } from '@tanstack/react-query'
import { PeopleTable } from '@/cdp/people/people-table'
import { SegmentPage } from '@/cdp/segments/page/segment-page'
import { membersQuery } from '@/cdp/segments/queries'
import { useT } from '@/kernel/i18n'

const Members = ({ segmentId }: { segmentId: number }) => {
  const t = useT()
  const query = useInfiniteQuery(membersQuery(segmentId))
  return <PeopleTable query={query} label={t('cdp.segments.members')} empty={t('cdp.segments.noMembers')} />
}

/** One segment with its people. */
const SegmentRoute = () => <SegmentPage members={(segmentId) => <Members segmentId={segmentId} />} />

export default SegmentRoute
