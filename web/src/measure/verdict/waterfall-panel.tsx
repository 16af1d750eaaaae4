import type { VerdictReport } from '@/kernel/api'
import { linear, useWidth } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, EmptyState, fontReadout, fontText, Panel, type Twin } from '@/kernel/ui'
import { useIntervalText } from './amounts'
import { type Step, type StepKey, spansZero, tested, waterfall } from './figures'
import { BarMark, Whisker } from './marks'

const ROW = 76
const BAR = 26

/** Words stay readable where a line passes behind them. */
const halo = { paintOrder: 'stroke', stroke: color.panel, strokeWidth: 5 } as const

const TINT: Readonly<Record<StepKey, string>> = {
  credited: color.uncertain,
  anyway: color.uncertain,
  missed: color.primary,
  caused: color.primary,
  wasted: color.waste,
  spent: color.secondary,
  profit: color.primary,
}

const tintOf = ({ key, to }: Step) => (key === 'profit' && to < 0 ? color.waste : TINT[key])

/** Credit proves nothing, and an interval across zero leaves everything open: both are hollow. */
const isHollow = ({ key, interval }: Step) => key === 'credited' || (interval !== null && spansZero(interval))

/** A sum shows where it stands, a change by how much. */
const amountOf = ({ from, to }: Step) => to - from

const useWaterfallTwin = (steps: Step[], currency: string): Twin => {
  const t = useT()
  const format = useFormats()
  const money = (value: unknown) => format.money(Number(value), currency)
  return {
    columns: [
      { key: 'step', title: t('measure.verdict.waterfall.step') },
      { key: 'amount', title: t('measure.verdict.waterfall.amount'), isNumber: true, format: money },
      { key: 'low', title: t('measure.verdict.low'), isNumber: true, format: money },
      { key: 'high', title: t('measure.verdict.high'), isNumber: true, format: money },
    ],
    rows: steps.map((step) => ({
      step: t(`measure.verdict.waterfall.${step.key}`),
      amount: amountOf(step),
      low: step.interval?.low_minor,
      high: step.interval?.high_minor,
    })),
  }
}

interface DrawingProps {
  steps: Step[]
  currency: string
  width: number
}

const Drawing = ({ steps, currency, width }: DrawingProps) => {
  const t = useT()
  const format = useFormats()
  const intervalText = useIntervalText(currency)
  const ends = steps.flatMap(({ from, to, interval }) =>
    interval ? [from, to, interval.low_minor, interval.high_minor] : [from, to],
  )
  const x = linear([Math.min(0, ...ends), Math.max(0, ...ends)], [6, width - 6])
  const height = steps.length * ROW
  const linkFrom = (before: Step | undefined) =>
    before ? `M${x(before.to)} ${23 + BAR - ROW}V23` : undefined
  return (
    <svg
      width={width}
      height={height}
      role="img"
      aria-label={t('measure.verdict.waterfall.label')}
      fontFamily={fontText}
      fontSize="13"
      data-figure=""
    >
      {steps.map((step, index) => (
        <g key={step.key} transform={`translate(0 ${index * ROW})`}>
          {index > 0 ? (
            <path d={linkFrom(steps[index - 1])} stroke={color.uncertain} strokeDasharray="1 2" />
          ) : null}
          <path d={`M${x(0)} 20v${BAR + 6}`} stroke={color.control} />
          <text y="15" fill={color.ink} {...halo}>
            {t(`measure.verdict.waterfall.${step.key}`)}
          </text>
          <text x={width} y="15" textAnchor="end" fill={color.ink} {...halo}>
            {step.interval ? (
              <tspan fontSize="12" fill={color.muted}>
                {intervalText(step.interval)}{' '}
              </tspan>
            ) : null}
            <tspan fontFamily={fontReadout} dx={step.interval ? 6 : 0}>
              {format.money(amountOf(step), currency, { compact: true })}
            </tspan>
          </text>
          <BarMark
            from={x(step.from)}
            to={x(step.to)}
            y={23}
            height={BAR}
            tint={tintOf(step)}
            isOpen={isHollow(step)}
          />
          {step.interval ? (
            <Whisker low={x(step.interval.low_minor)} high={x(step.interval.high_minor)} y={23 + BAR / 2} />
          ) : null}
        </g>
      ))}
    </svg>
  )
}

/** From what last touch credits to what was caused. */
export const WaterfallPanel = ({ report, className }: { report: VerdictReport; className?: string }) => {
  const t = useT()
  const [place, width] = useWidth<HTMLDivElement>()
  const { rows, currency } = report
  const steps = waterfall(report)
  const twin = useWaterfallTwin(steps, currency)
  return (
    <Panel
      title={t('measure.verdict.waterfall.title')}
      note={t('measure.verdict.waterfall.note', { tested: tested(rows).length, count: rows.length })}
      twin={steps.length > 0 ? twin : undefined}
      fileName="fanwheel-waterfall"
      className={className}
    >
      <div ref={place}>
        {steps.length === 0 ? (
          <EmptyState title={t('measure.verdict.waterfall.empty')}>
            {t('measure.verdict.waterfall.emptyHint')}
          </EmptyState>
        ) : null}
        {steps.length > 0 && width > 0 ? <Drawing steps={steps} currency={currency} width={width} /> : null}
      </div>
    </Panel>
  )
}
