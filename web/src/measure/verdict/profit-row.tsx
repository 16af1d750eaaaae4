import type { VerdictRow } from '@/kernel/api'
import { shorten } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { color, domainColor, fontReadout, fontText } from '@/kernel/ui'
import { useIntervalText } from './amounts'
import { creditedProfit, spansZero, trueProfit } from './figures'
import { BarMark, CreditMark, TruthMark, Whisker } from './marks'
import { stateColor } from './state-chip'

export const ROW_HEIGHT = 52
const BAR = 16
const TOP = 23
const FIGURES = 190

interface ProfitRowProps {
  row: VerdictRow
  name: string
  currency: string
  margin: number
  width: number
  x: (minor: number) => number
}

/** One channel: the bar is what it caused, the ring what it is credited with. */
export const ProfitRow = ({ row, name, currency, margin, width, x }: ProfitRowProps) => {
  const t = useT()
  const format = useFormats()
  const intervalText = useIntervalText(currency)
  const profit = row.caused_profit
  const truth = trueProfit(row, margin)
  const middle = TOP + BAR / 2
  return (
    <g fontFamily={fontText} fontSize="13">
      <rect y="6" width="9" height="9" rx="2" fill={domainColor[row.domain]} />
      <text x="16" y="15" fill={color.ink}>
        {shorten(name, width - 16 - FIGURES)}
      </text>
      <text x={width} y="15" textAnchor="end" fill={color.ink}>
        {profit ? (
          <>
            <tspan fontSize="12" fill={color.muted}>
              {intervalText(profit)}
            </tspan>
            <tspan fontFamily={fontReadout} dx="8">
              {format.money(profit.estimate_minor, currency, { compact: true })}
            </tspan>
          </>
        ) : (
          <tspan fontSize="12" fill={color.muted}>
            {t('measure.verdict.profits.unknown')}
          </tspan>
        )}
      </text>
      <path d={`M0 ${middle}H${width}`} stroke={color.line} />
      <path d={`M${x(0)} ${TOP - 3}v${BAR + 6}`} stroke={color.control} />
      {profit ? (
        <>
          <BarMark
            from={x(0)}
            to={x(profit.estimate_minor)}
            y={TOP}
            height={BAR}
            tint={
              spansZero(profit)
                ? color.uncertain
                : stateColor[profit.estimate_minor < 0 ? 'wasted' : 'working']
            }
            isOpen={spansZero(profit)}
          />
          <Whisker low={x(profit.low_minor)} high={x(profit.high_minor)} y={middle} />
        </>
      ) : null}
      <CreditMark x={x(creditedProfit(row, margin))} y={middle} />
      {truth === null ? null : <TruthMark x={x(truth)} y={middle} />}
    </g>
  )
}
