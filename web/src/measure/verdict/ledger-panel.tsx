import type { VerdictReport, VerdictRow } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { EmptyState, ExportMenu, Panel, Segmented, type Twin, useNarrow } from '@/kernel/ui'
import { useAdviceText } from './advice'
import { tested } from './figures'
import { LedgerCards, LedgerTable } from './ledger'
import { GROUPINGS, type Grouping } from './search'
import styles from './verdict.module.css'

/** Every figure of the ledger, for a spreadsheet. */
const useLedgerTwin = ({ rows, currency }: VerdictReport): Twin => {
  const t = useT()
  const format = useFormats()
  const advice = useAdviceText()
  const word = useWord()
  const money = (value: unknown) => format.money(Number(value), currency)
  const amount = (key: string, title: string) => ({ key, title, isNumber: true, format: money })
  const bound = (of: string, end: 'low' | 'high') => t(`measure.verdict.bound.${end}`, { of })
  const revenue = t('measure.verdict.column.revenue')
  const profit = t('measure.verdict.column.profit')
  return {
    columns: [
      { key: 'channel', title: t('measure.verdict.column.channel') },
      { key: 'campaign', title: t('measure.verdict.by.campaign') },
      { key: 'segment', title: t('measure.verdict.by.segment') },
      { key: 'state', title: t('measure.verdict.column.state') },
      amount('spend', t('measure.verdict.column.spend')),
      amount('lastTouch', t('measure.verdict.column.lastTouchFull')),
      amount('markov', t('measure.verdict.column.markov')),
      amount('revenue', revenue),
      amount('revenueLow', bound(revenue, 'low')),
      amount('revenueHigh', bound(revenue, 'high')),
      amount('profit', profit),
      amount('profitLow', bound(profit, 'low')),
      amount('profitHigh', bound(profit, 'high')),
      { key: 'evidence', title: t('measure.verdict.column.evidence') },
      { key: 'advice', title: t('measure.verdict.column.advice') },
    ],
    rows: rows.map((row) => ({
      channel: row.name || row.channel,
      campaign: row.campaign,
      segment: row.segment === null ? null : word('measure.verdict.segment', row.segment),
      state: t(`measure.verdict.state.${row.state}`),
      spend: row.spend_minor,
      lastTouch: row.credited_last_touch_minor,
      markov: row.credited_markov_minor,
      revenue: row.caused_revenue?.estimate_minor,
      revenueLow: row.caused_revenue?.low_minor,
      revenueHigh: row.caused_revenue?.high_minor,
      profit: row.caused_profit?.estimate_minor,
      profitLow: row.caused_profit?.low_minor,
      profitHigh: row.caused_profit?.high_minor,
      evidence: t(`measure.verdict.evidence.kind.${row.evidence.kind}`),
      advice: advice(row, currency).join(', '),
    })),
  }
}

interface LedgerPanelProps {
  report: VerdictReport
  isStale: boolean
  by: Grouping
  onSplit: (by: Grouping) => void
  nameOf: (row: VerdictRow) => string
}

/** The ledger: what every channel cost, is credited with, and caused. */
export const LedgerPanel = ({ report, isStale, by, onSplit, nameOf }: LedgerPanelProps) => {
  const t = useT()
  const isNarrow = useNarrow()
  const twin = useLedgerTwin(report)
  const options = GROUPINGS.map((value) => ({ value, label: t(`measure.verdict.by.${value}`) }))
  const isCreditOnly = by === 'campaign' && tested(report.rows).length === 0
  const Rows = isNarrow ? LedgerCards : LedgerTable
  return (
    <Panel
      title={t('measure.verdict.ledger.title')}
      note={t('measure.verdict.ledger.note')}
      actions={
        report.rows.length > 0 ? <ExportMenu twin={twin} fileName="fanwheel-verdict" figure={null} /> : null
      }
      flush
    >
      <div className={styles.split}>
        <Segmented<Grouping>
          aria-label={t('measure.verdict.by.label')}
          options={options}
          value={by}
          onChange={onSplit}
        />
        <span role="status" className={styles.status}>
          {isStale ? t('measure.verdict.judging') : isCreditOnly ? t('measure.verdict.creditOnly') : ''}
        </span>
      </div>
      {report.rows.length > 0 ? (
        <Rows report={report} nameOf={nameOf} />
      ) : (
        <EmptyState title={t('measure.verdict.ledger.empty')}>
          {t('measure.verdict.ledger.emptyHint')}
        </EmptyState>
      )}
    </Panel>
  )
}
