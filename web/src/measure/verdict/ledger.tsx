import { useMemo } from 'react'
import type { VerdictReport, VerdictRow } from '@/kernel/api'
import { useT } from '@/kernel/i18n'
import { type Column, DataTable, DomainDot, Money } from '@/kernel/ui'
import { Advice } from './advice'
import { Estimate } from './amounts'
import { EvidenceButton } from './evidence'
import { rowKey } from './figures'
import styles from './ledger.module.css'
import { usePart } from './part'
import { StateChip } from './state-chip'

interface LedgerProps {
  report: VerdictReport
  nameOf: (row: VerdictRow) => string
}

const NAME = 168

/** The channel, and which part of it where the ledger is split further. */
const Name = ({ row, nameOf }: { row: VerdictRow; nameOf: LedgerProps['nameOf'] }) => {
  const part = usePart()(row)
  return (
    <span className={styles.stack}>
      <span className={styles.name} title={nameOf(row)}>
        <DomainDot domain={row.domain} label={row.name || row.channel} />
      </span>
      {part === null ? null : <span className={styles.small}>{part}</span>}
    </span>
  )
}

/** The ledger as a table: a line a channel. */
export const LedgerTable = ({ report, nameOf }: LedgerProps) => {
  const t = useT()
  const { currency } = report
  const columns = useMemo<Column<VerdictRow>[]>(() => {
    const amount = (
      key: 'spend_minor' | 'credited_last_touch_minor' | 'credited_markov_minor',
      title: string,
      width: number,
    ): Column<VerdictRow> => ({
      key,
      title,
      width,
      isNumber: true,
      render: (row) => <Money minor={row[key]} currency={currency} compact />,
    })
    return [
      {
        key: 'name',
        title: t('measure.verdict.column.channel'),
        width: NAME,
        render: (row) => <Name row={row} nameOf={nameOf} />,
      },
      {
        key: 'state',
        title: t('measure.verdict.column.state'),
        width: 128,
        render: (row) => <StateChip state={row.state} />,
      },
      amount('spend_minor', t('measure.verdict.column.spend'), 80),
      amount('credited_last_touch_minor', t('measure.verdict.column.lastTouch'), 88),
      amount('credited_markov_minor', t('measure.verdict.column.markov'), 88),
      {
        key: 'revenue',
        title: t('measure.verdict.column.revenue'),
        width: 150,
        isNumber: true,
        render: (row) => <Estimate interval={row.caused_revenue} currency={currency} />,
      },
      {
        key: 'profit',
        title: t('measure.verdict.column.profit'),
        width: 150,
        isNumber: true,
        render: (row) => <Estimate interval={row.caused_profit} currency={currency} isSigned />,
      },
      {
        key: 'evidence',
        title: t('measure.verdict.column.evidence'),
        width: 100,
        render: (row) => <EvidenceButton row={row} currency={currency} name={nameOf(row)} />,
      },
      {
        key: 'advice',
        title: t('measure.verdict.column.advice'),
        width: 180,
        render: (row) => <Advice row={row} currency={currency} />,
      },
    ]
  }, [t, currency, nameOf])
  return (
    <DataTable
      label={t('measure.verdict.ledger.title')}
      columns={columns}
      rows={report.rows}
      rowKey={rowKey}
      rowHeight={54}
    />
  )
}

/** The ledger on a phone: a card a channel. */
export const LedgerCards = ({ report, nameOf }: LedgerProps) => {
  const t = useT()
  const { currency } = report
  return (
    <ul className={styles.cards}>
      {report.rows.map((row) => (
        <li key={rowKey(row)} className={styles.card}>
          <div className={styles.top}>
            <Name row={row} nameOf={nameOf} />
            <StateChip state={row.state} />
          </div>
          <dl className={styles.figures}>
            <dt>{t('measure.verdict.column.spend')}</dt>
            <dd>
              <Money minor={row.spend_minor} currency={currency} compact />
            </dd>
            <dt>{t('measure.verdict.column.lastTouch')}</dt>
            <dd>
              <Money minor={row.credited_last_touch_minor} currency={currency} compact />
            </dd>
            <dt>{t('measure.verdict.column.markov')}</dt>
            <dd>
              <Money minor={row.credited_markov_minor} currency={currency} compact />
            </dd>
            <dt>{t('measure.verdict.column.revenue')}</dt>
            <dd>
              <Estimate interval={row.caused_revenue} currency={currency} />
            </dd>
            <dt>{t('measure.verdict.column.profit')}</dt>
            <dd>
              <Estimate interval={row.caused_profit} currency={currency} isSigned />
            </dd>
          </dl>
          <div className={styles.top}>
            <Advice row={row} currency={currency} />
            <EvidenceButton row={row} currency={currency} name={nameOf(row)} />
          </div>
        </li>
      ))}
    </ul>
  )
}
