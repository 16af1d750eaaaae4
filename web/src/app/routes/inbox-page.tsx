import { PersonAside } from '@/cdp/people/person-aside'
import { PersonSegments } from '@/cdp/segments/person-segments'
import { useCan } from '@/kernel/auth'
import { MediaPicker } from '@/operate/content/media-picker'
import { InboxPage } from '@/operate/inbox/inbox-page'

/** The inbox, with who the person is beside the conversation. */
const InboxRoute = () => {
  const canSeeSegments = useCan('segments:read')
  return (
    <InboxPage
      library={(props) => <MediaPicker {...props} />}
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
