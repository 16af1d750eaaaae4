import type { AttributionReport, AttributionRow } from '@/kernel/api'
import { useWidth } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { EmptyState, Panel, type Twin } from '@/kernel/ui'
import { SpendBars } from './spend-bars'

const MOST_ROWS = 10

const weight = (row: AttributionRow) => Math.max(row.spend_minor, row.credited_revenue_minor)

const useSpendTwin = (
  { rows, currency }: AttributionReport,
  nameOf: (row: AttributionRow) => string,
): Twin => {
  const t = useT()
  const format = useFormats()
  const money = (value: unknown) => format.money(Number(value), currency)
  const count = (value: unknown) => format.count(Number(value))
  return {
    columns: [
      { key: 'source', title: t('measure.cockpit.spend.source') },
      { key: 'domain', title: t('measure.cockpit.spend.domain') },
      { key: 'spend', title: t('measure.cockpit.spend.spent'), isNumber: true, format: money },
      { key: 'credited', title: t('measure.cockpit.spend.credited'), isNumber: true, format: money },
      { key: 'orders', title: t('measure.cockpit.spend.orders'), isNumber: true, format: count },
      { key: 'cost', title: t('measure.cockpit.spend.costPerOrder'), isNumber: true, format: money },
    ],
    rows: rows.map((row) => ({
      source: nameOf(row),
      domain: t(`kernel.domain.${row.domain}`),
      spend: row.spend_minor,
      credited: row.credited_revenue_minor,
      orders: row.credited_orders,
      cost: row.cost_per_order_minor,
    })),
  }
}

/** What each source cost, beside the revenue that last touch credits it with. */
export const SpendPanel = ({ report, className }: { report: AttributionReport; className?: string }) => {
  const t = useT()
  const [place, width] = useWidth<HTMLDivElement>()
  const nameOf = (row: AttributionRow) =>
    row.source_id === 0 ? t('measure.cockpit.spend.noTouch') : row.name || row.source
  const rows = report.rows
    .filter((row) => weight(row) > 0)
    .sort((one, other) => weight(other) - weight(one))
    .slice(0, MOST_ROWS)
  return (
    <Panel
      title={t('measure.cockpit.spend.title')}
      note={t('measure.cockpit.spend.note', { days: report.lookback_days })}
      twin={useSpendTwin(report, nameOf)}
      fileName="fanwheel-spend"
      className={className}
    >
      <div ref={place}>
        {rows.length === 0 ? (
          <EmptyState title={t('measure.cockpit.spend.empty')}>
            {t('measure.cockpit.spend.emptyHint')}
          </EmptyState>
        ) : (
          <SpendBars rows={rows} nameOf={nameOf} currency={report.currency} width={width} />
        )}
      </div>
    </Panel>
  )
}
