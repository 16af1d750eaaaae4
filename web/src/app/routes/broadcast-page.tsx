import { useParams } from '@tanstack/react-router'
import { BroadcastPage } from '@/operate/broadcasts/broadcast-page'
import { PreviewPanel } from '@/operate/content/preview-panel'

/** A broadcast, whose messages can be seen as the people see them who get them. */
const OneBroadcastPage = () => {
  const { broadcastId } = useParams({ strict: false })
  return (
    <BroadcastPage
      id={Number(broadcastId)}
      preview={({ channel, content }) => (
        <PreviewPanel channel={channel} content={content} variant="" language="" />
      )}
    />
  )
}

export default OneBroadcastPage
