import type { FlowsReport, StagesReport } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Panel, type Twin, useMedia } from '@/kernel/ui'
import { Aeroplane } from './aeroplane'
import { DomainCards } from './domain-cards'

interface AeroplanePanelProps {
  stages: StagesReport
  flows: FlowsReport
}

/** The summary of everything: the aeroplane, or cards where the window is too narrow for it. */
export const AeroplanePanel = ({ stages, flows }: AeroplanePanelProps) => {
  const t = useT()
  const format = useFormats()
  const isWide = useMedia('(min-width: 1100px)')
  if (!isWide) return <DomainCards flows={flows} />
  const count = (value: unknown) => format.count(Number(value))
  const twin: Twin = {
    columns: [
      { key: 'part', title: t('measure.cockpit.plane.part') },
      { key: 'people', title: t('measure.cockpit.people'), isNumber: true, format: count },
    ],
    rows: [
      ...flows.domains.map(({ domain, people }) => ({ part: t(`kernel.domain.${domain}`), people })),
      ...stages.stages.map(({ stage, people }) => ({ part: t(`kernel.stage.${stage}`), people })),
    ],
  }
  return (
    <Panel title={t('measure.cockpit.plane.title')} twin={twin} fileName="fanwheel-aeroplane">
      <Aeroplane stages={stages.stages} flows={flows} />
    </Panel>
  )
}
