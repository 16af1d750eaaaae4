import type { VerdictReport, VerdictRow } from '@/kernel/api'
import { linear, useWidth } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Panel, type Twin } from '@/kernel/ui'
import { creditedProfit, rowKey, trueProfit } from './figures'
import { Legend } from './legend'
import { ProfitRow, ROW_HEIGHT } from './profit-row'
import styles from './verdict.module.css'

const MOST_ROWS = 9

interface ProfitsPanelProps {
  report: VerdictReport
  nameOf: (row: VerdictRow) => string
  className?: string
}

const useProfitTwin = ({ report: { rows, margin, currency }, nameOf }: ProfitsPanelProps): Twin => {
  const t = useT()
  const format = useFormats()
  const money = (value: unknown) => format.money(Number(value), currency)
  const amount = (key: string, title: string) => ({ key, title, isNumber: true, format: money })
  const hasTruth = rows.some(({ truth }) => truth !== null)
  return {
    columns: [
      { key: 'channel', title: t('measure.verdict.column.channel') },
      amount('credited', t('measure.verdict.profits.credited')),
      amount('profit', t('measure.verdict.column.profit')),
      amount('low', t('measure.verdict.low')),
      amount('high', t('measure.verdict.high')),
      ...(hasTruth ? [amount('truth', t('measure.verdict.profits.truth'))] : []),
    ],
    rows: rows.map((row) => ({
      channel: nameOf(row),
      credited: creditedProfit(row, margin),
      profit: row.caused_profit?.estimate_minor,
      low: row.caused_profit?.low_minor,
      high: row.caused_profit?.high_minor,
      truth: trueProfit(row, margin),
    })),
  }
}

/** Credited beside caused profit, channel by channel, on one linear scale. */
export const ProfitsPanel = (props: ProfitsPanelProps) => {
  const { report, nameOf, className } = props
  const t = useT()
  const [place, width] = useWidth<HTMLDivElement>()
  const { margin, currency } = report
  const rows = report.rows.slice(0, MOST_ROWS)
  const ends = rows.flatMap((row) => [
    creditedProfit(row, margin),
    trueProfit(row, margin) ?? 0,
    row.caused_profit?.low_minor ?? 0,
    row.caused_profit?.high_minor ?? 0,
  ])
  const x = linear([Math.min(0, ...ends), Math.max(0, ...ends)], [8, width - 8])
  return (
    <Panel
      title={t('measure.verdict.profits.title')}
      note={t('measure.verdict.profits.note', { count: rows.length })}
      twin={useProfitTwin(props)}
      fileName="fanwheel-profits"
      className={className}
    >
      <Legend hasTruth={rows.some(({ truth }) => truth !== null)} />
      <div ref={place} className={styles.drawing}>
        {width > 0 ? (
          <svg
            width={width}
            height={rows.length * ROW_HEIGHT}
            role="img"
            aria-label={t('measure.verdict.profits.label')}
            data-figure=""
          >
            {rows.map((row, index) => (
              <g key={rowKey(row)} transform={`translate(0 ${index * ROW_HEIGHT})`}>
                <ProfitRow
                  row={row}
                  name={nameOf(row)}
                  currency={currency}
                  margin={margin}
                  width={width}
                  x={x}
                />
              </g>
            ))}
          </svg>
        ) : null}
      </div>
    </Panel>
  )
}
