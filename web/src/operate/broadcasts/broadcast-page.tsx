import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Drawer, Loaded, Page, useNarrow } from '@/kernel/ui'
import { Editor } from './editor/editor'
import { MoreMenu } from './more-menu'
import { broadcastQuery, templateQuery } from './queries'
import { Report } from './report/report'
import { Review } from './review/review'
import { StateChip } from './state-chip'
import type { Broadcast, Published } from './types'

interface PreviewProps {
  templateId: number
  preview: (template: Published) => ReactNode
  onClose: () => void
}

const Preview = ({ templateId, preview, onClose }: PreviewProps) => {
  const t = useT()
  const isNarrow = useNarrow()
  const query = useQuery(templateQuery(templateId))
  return (
    <Drawer
      open
      title={query.data?.name ?? t('operate.broadcasts.edit.preview')}
      size={isNarrow ? '100%' : 640}
      onClose={onClose}
    >
      <Loaded query={query} height={480}>
        {preview}
      </Loaded>
    </Drawer>
  )
}

const Part = ({
  broadcast,
  onPreview,
}: {
  broadcast: Broadcast
  onPreview: (templateId: number) => void
}) => {
  const canWrite = useCan('broadcasts:write')
  switch (broadcast.state) {
    case 'draft':
      return canWrite ? (
        <Editor broadcast={broadcast} onPreview={onPreview} />
      ) : (
        <Review broadcast={broadcast} onPreview={onPreview} />
      )
    case 'in_review':
    case 'approved':
    case 'scheduled':
      return <Review broadcast={broadcast} onPreview={onPreview} />
    default:
      return <Report broadcast={broadcast} onPreview={onPreview} />
  }
}

interface BroadcastPageProps {
  id: number
  /** How a template looks to somebody. */
  preview: (template: Published) => ReactNode
}

/** One broadcast: written, looked at by a second person, sent, and what became of it. */
export const BroadcastPage = ({ id, preview }: BroadcastPageProps) => {
  const t = useT()
  const canWrite = useCan('broadcasts:write')
  const [templateId, setTemplateId] = useState<number | null>(null)
  const query = useQuery(broadcastQuery(id))
  return (
    <Loaded query={query} height={480}>
      {(broadcast) => (
        <Page
          title={broadcast.name}
          above={<Link to="/broadcasts">{t('operate.broadcasts.back')}</Link>}
          note={<StateChip state={broadcast.state} />}
          tools={canWrite ? <MoreMenu broadcast={broadcast} /> : null}
        >
          <Part key={id} broadcast={broadcast} onPreview={setTemplateId} />
          {templateId === null ? null : (
            <Preview templateId={templateId} preview={preview} onClose={() => setTemplateId(null)} />
          )}
        </Page>
      )}
    </Loaded>
  )
}
