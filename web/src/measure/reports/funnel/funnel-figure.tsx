import type { FunnelReport } from '@/kernel/api'
import { shorten } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, fontReadout, fontText, STAGES, stageColor } from '@/kernel/ui'

const ROW = 76
const BAR = 20
/** The first step has no line of shares below it. */
const NO_SHARES = 16
const FIGURE = 130

interface FunnelFigureProps {
  steps: FunnelReport['steps']
  width: number
}

const shade = (index: number) => stageColor[STAGES[Math.min(index, STAGES.length - 1)] ?? 'introduce']

/** A bar a step, on one linear scale, with the share that went on. */
export const FunnelFigure = ({ steps, width }: FunnelFigureProps) => {
  const t = useT()
  const format = useFormats()
  const most = Math.max(1, ...steps.map(({ people }) => people))
  return (
    <svg
      width={width}
      height={steps.length * ROW - 18 - NO_SHARES}
      role="img"
      aria-label={t('measure.reports.funnel.label')}
      fontFamily={fontText}
      fontSize="13"
      data-figure=""
    >
      {steps.map(({ name, people, of_first, of_previous }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place; the same event may stand at two.
        <g key={index} transform={`translate(0 ${index * ROW - (index > 0 ? NO_SHARES : 0)})`}>
          <text y="14" fontWeight="500" fill={color.ink}>
            {shorten(`${index + 1}. ${name}`, width - FIGURE)}
          </text>
          <text x={width} y="14" textAnchor="end" fontFamily={fontReadout} fontSize="15" fill={color.ink}>
            {format.count(people)}
          </text>
          <rect y="22" width={width} height={BAR} rx="3" fill="#EEF2F4" />
          <rect
            y="22"
            width={people > 0 ? Math.max(2, (width * people) / most) : 0}
            height={BAR}
            rx="3"
            fill={shade(index)}
          />
          {index === 0 ? null : (
            <text x={width} y="58" textAnchor="end" fontSize="12" fill={color.muted}>
              {of_first === null
                ? ''
                : t('measure.reports.funnel.ofFirst', { share: format.share(of_first) })}
            </text>
          )}
          {index === 0 || of_previous === null ? null : (
            <text y="58" fontSize="12" fill={color.secondary}>
              {t('measure.reports.funnel.ofPrevious', { share: format.share(of_previous) })}
            </text>
          )}
        </g>
      ))}
    </svg>
  )
}
