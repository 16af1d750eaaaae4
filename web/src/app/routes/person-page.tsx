import { PersonPage } from '@/cdp/people/person-page'
import { PersonSegments } from '@/cdp/segments/person-segments'
import { useCan } from '@/kernel/auth'

/** One person, with the segments that the person is in. */
const PersonRoute = () => {
  const canRead = useCan('segments:read')
  return <PersonPage segments={canRead ? (personId) => <PersonSegments personId={personId} /> : undefined} />
}

export default PersonRoute
