import { LedgerPanel } from '@/cdp/consent/ledger-panel'
import { PersonPage } from '@/cdp/people/person-page'
import { PersonSegments } from '@/cdp/segments/person-segments'
import { useCan } from '@/kernel/auth'
import { MessagesPanel } from '@/operate/reach/messages-panel'

/** One person, with the segments that the person is in, and what the person agreed to. */
const PersonRoute = () => {
  const canRead = useCan('segments:read')
  return (
    <PersonPage
      segments={canRead ? (personId) => <PersonSegments personId={personId} /> : undefined}
      consents={(personId) => <LedgerPanel personId={personId} />}
      messages={(personId) => <MessagesPanel personId={personId} />}
    />
  )
}

export default PersonRoute
