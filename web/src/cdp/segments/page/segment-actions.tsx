import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, Dropdown, useConfirm, useNotice } from '@/kernel/ui'
import { EditIcon, ExportIcon, MoreIcon, PauseIcon, ResumeIcon } from '@/kernel/ui/icons'
import { deleteSegment, exportAddress, forgetSegments, setRunning } from '../queries'
import type { Segment } from '../view'

interface SegmentActionsProps {
  segment: Segment
  canWrite: boolean
  canExport: boolean
}

/** What can be done with a segment. */
export const SegmentActions = ({ segment, canWrite, canExport }: SegmentActionsProps) => {
  const t = useT()
  const confirm = useConfirm()
  const notice = useNotice()
  const navigate = useNavigate()
  const canTest = useCan('measure:write')
  const { segment_id: id, name, status } = segment
  const params = { segmentId: String(id) }
  const isRunning = status === 'live' || status === 'building'
  const run = useMutation({
    mutationFn: (isOn: boolean) => setRunning(id, isOn),
    onSuccess: forgetSegments,
    onError: (error) => void notice.error(error.message || t('kernel.ui.failed')),
  })
  const remove = async () => {
    try {
      await deleteSegment(id)
    } catch (error) {
      notice.error(error instanceof Error && error.message ? error.message : t('kernel.ui.failed'))
      return
    }
    await navigate({ to: '/segments' })
    await forgetSegments()
    notice.success(t('cdp.segments.remove.done'))
  }
  const ask = () =>
    confirm({
      title: t('cdp.segments.remove.title', { name }),
      content: t('cdp.segments.remove.text'),
      verb: t('cdp.segments.remove.verb'),
      isDangerous: true,
      act: remove,
    })
  const items = [
    ...(canTest && segment.built_at
      ? [
          {
            key: 'test',
            label: t('cdp.segments.test'),
            onClick: () => void navigate({ to: '/experiments', search: { segment: id } }),
          },
        ]
      : []),
    {
      key: 'copy',
      label: t('cdp.segments.duplicate'),
      onClick: () => void navigate({ to: '/segments/new', search: { copy: id } }),
    },
    { key: 'remove', label: t('cdp.segments.remove.action'), danger: true, onClick: ask },
  ]
  return (
    <>
      {canExport ? (
        <Button icon={<ExportIcon />} href={exportAddress(id)} download>
          {t('cdp.segments.export')}
        </Button>
      ) : null}
      {canWrite ? (
        <>
          <Button
            icon={isRunning ? <PauseIcon /> : <ResumeIcon />}
            loading={run.isPending}
            onClick={() => run.mutate(!isRunning)}
          >
            {t(
              isRunning
                ? 'cdp.segments.pause'
                : status === 'failed'
                  ? 'kernel.ui.retry'
                  : status === 'draft'
                    ? 'cdp.segments.start'
                    : 'cdp.segments.resume',
            )}
          </Button>
          <Button
            type="primary"
            icon={<EditIcon />}
            onClick={() => void navigate({ to: '/segments/$segmentId/edit', params })}
          >
            {t('cdp.segments.edit')}
          </Button>
          <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
            <Button icon={<MoreIcon />} aria-haspopup="menu" aria-label={t('cdp.segments.more')} />
          </Dropdown>
        </>
      ) : null}
    </>
  )
}
