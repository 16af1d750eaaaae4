import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { type Column, DataTable, EmptyState, Loaded, Panel } from '@/kernel/ui'
import { overlapQuery } from '../queries'
import type { Overlap } from '../view'

/** Who is in other segments too. */
export const OverlapPanel = ({ segmentId }: { segmentId: number }) => {
  const t = useT()
  const format = useFormats()
  const query = useQuery(overlapQuery(segmentId))
  const columns: Column<Overlap>[] = [
    {
      key: 'name',
      title: t('cdp.segments.one'),
      render: ({ segment_id: id, name }) => (
        <Link to="/segments/$segmentId" params={{ segmentId: String(id) }}>
          {name}
        </Link>
      ),
    },
    {
      key: 'both',
      title: t('cdp.segments.overlap.both'),
      width: 96,
      isNumber: true,
      render: ({ both }) => format.count(both),
    },
    {
      key: 'this',
      title: t('cdp.segments.overlap.ofThis'),
      width: 104,
      isNumber: true,
      render: ({ share_of_this: share }) => format.share(share),
    },
    {
      key: 'other',
      title: t('cdp.segments.overlap.ofOther'),
      width: 104,
      isNumber: true,
      isWideOnly: true,
      render: ({ share_of_other: share }) => format.share(share),
    },
  ]
  return (
    <Panel title={t('cdp.segments.overlap.title')} note={t('cdp.segments.overlap.note')} flush>
      <Loaded query={query} height={160}>
        {({ items }) => (
          <DataTable
            label={t('cdp.segments.overlap.title')}
            columns={columns}
            rows={items}
            rowKey={({ segment_id: id }) => id}
            empty={<EmptyState title={t('cdp.segments.overlap.empty')} />}
          />
        )}
      </Loaded>
    </Panel>
  )
}
