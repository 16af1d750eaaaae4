import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useT } from '@/kernel/i18n'
import { type PeopleList, segmentNamesQuery } from './queries'

/** Where a list comes from: made by hand, or a segment as it was. */
export const Origin = ({ list }: { list: PeopleList }) => {
  const t = useT()
  const { origin, segment_id: id, schedule_id: schedule } = list
  const segments = useQuery({ ...segmentNamesQuery, enabled: id !== null })
  if (origin === 'manual') return <>{t('cdp.lists.origin.manual')}</>
  const name = segments.data?.find(({ value }) => value === id)?.label
  const said = t(schedule ? 'cdp.lists.origin.scheduled' : 'cdp.lists.origin.snapshot')
  return (
    <>
      {said}
      {id !== null && name ? (
        <>
          {' · '}
          <Link to="/segments/$segmentId" params={{ segmentId: String(id) }}>
            {name}
          </Link>
        </>
      ) : null}
    </>
  )
}
