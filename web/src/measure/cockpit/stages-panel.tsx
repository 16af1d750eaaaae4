import type { StageCount, StagesReport } from '@/kernel/api'
import { useWidth } from '@/kernel/charts'
import { relativeChange, useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, fontReadout, fontText, Panel, stageColor, type Twin } from '@/kernel/ui'

const STEP = 86
const BAR = 16

interface StepProps {
  stage: StageCount
  y: number
  width: number
  /** The length of the bar, 0 to 1. */
  share: number
  isLast: boolean
}

/** One stage: how many have come that far, who entered now, and which share goes on. */
const Step = ({ stage, y, width, share, isLast }: StepProps) => {
  const t = useT()
  const format = useFormats()
  const change = relativeChange(stage.entered, stage.entered_before)
  const trend = change ? ` ${change > 0 ? '▲' : '▼'} ${format.share(Math.abs(change))}` : ''
  const rate = stage.rate_to_next
  return (
    <g transform={`translate(0 ${y})`} fontFamily={fontText} fontSize="13">
      <text y="14" fontWeight="500" fill={color.ink}>
        {t(`kernel.stage.${stage.stage}`)}
      </text>
      <text x={width} y="14" textAnchor="end" fontFamily={fontReadout} fontSize="15" fill={color.ink}>
        {format.count(stage.people)}
      </text>
      <rect y="22" width={width} height={BAR} rx="3" fill="#EEF2F4" />
      <rect
        y="22"
        width={Math.max(stage.people > 0 ? 2 : 0, width * share)}
        height={BAR}
        rx="3"
        fill={stageColor[stage.stage]}
      />
      <text y={22 + BAR + 17} fontSize="12" fill={color.muted}>
        {t('measure.cockpit.stages.entered', { people: format.count(stage.entered) })}
        {trend}
      </text>
      {isLast || rate === null ? null : (
        <text x={width} y={22 + BAR + 17} textAnchor="end" fontSize="12" fill={color.secondary}>
          {t('measure.cockpit.stages.goOn', { share: format.share(rate) })}
        </text>
      )}
    </g>
  )
}

const useStagesTwin = (stages: StageCount[]): Twin => {
  const t = useT()
  const format = useFormats()
  const count = (value: unknown) => format.count(Number(value))
  const share = (value: unknown) => format.share(Number(value))
  return {
    columns: [
      { key: 'stage', title: t('measure.cockpit.stages.stage') },
      { key: 'people', title: t('measure.cockpit.stages.reached'), isNumber: true, format: count },
      { key: 'entered', title: t('measure.cockpit.stages.enteredNow'), isNumber: true, format: count },
      { key: 'before', title: t('measure.cockpit.stages.enteredBefore'), isNumber: true, format: count },
      { key: 'rate', title: t('measure.cockpit.stages.rate'), isNumber: true, format: share },
    ],
    rows: stages.map(({ stage, people, entered, entered_before, rate_to_next }) => ({
      stage: t(`kernel.stage.${stage}`),
      people,
      entered,
      before: entered_before,
      rate: rate_to_next,
    })),
  }
}

/** The five stages with the share that goes on from each; bars are linear. */
export const StagesPanel = ({ report, className }: { report: StagesReport; className?: string }) => {
  const t = useT()
  const [place, width] = useWidth<HTMLDivElement>()
  const { stages } = report
  const most = Math.max(1, ...stages.map(({ people }) => people))
  const height = stages.length * STEP - 12
  return (
    <Panel
      title={t('measure.cockpit.stages.title')}
      note={t('measure.cockpit.stages.note')}
      twin={useStagesTwin(stages)}
      fileName="fanwheel-stages"
      className={className}
    >
      <div ref={place} style={{ minHeight: height }}>
        {width > 0 ? (
          <svg
            width={width}
            height={height}
            role="img"
            aria-label={t('measure.cockpit.stages.label')}
            data-figure=""
          >
            {stages.map((stage, index) => (
              <Step
                key={stage.stage}
                stage={stage}
                y={index * STEP}
                width={width}
                share={stage.people / most}
                isLast={index === stages.length - 1}
              />
            ))}
          </svg>
        ) : null}
      </div>
    </Panel>
  )
}
