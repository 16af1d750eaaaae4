import { PersonAside } from '@/cdp/people/person-aside'
import { PersonSegments } from '@/cdp/segments/person-segments'
import { useCan } from '@/kernel/auth'
import { InboxPage } from '@/operate/inbox/inbox-page'

/** The inbox, with who the person is beside the conversation. */
const InboxRoute = () => {
  const canSeeSegments = useCan('segments:read')
  return (
    <InboxPage
      portrait={(personId) => (
        <>
          <PersonAside key={personId} personId={personId} />
          {canSeeSegments ? <PersonSegments key={`segments-${personId}`} personId={personId} /> : null}
        </>
      )}
    />
  )
}

export default InboxRoute
