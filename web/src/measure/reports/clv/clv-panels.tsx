import type { ClvReport } from '@/kernel/api'
import { useWidth } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { EmptyState, Panel, type Twin } from '@/kernel/ui'
import { Calibration } from './calibration'
import { Distribution } from './distribution'

interface PanelProps {
  report: ClvReport
  className?: string
}

/** Expected value, person by person, gathered into bars. */
export const DistributionPanel = ({ report, className }: PanelProps) => {
  const t = useT()
  const format = useFormats()
  const [place, width] = useWidth<HTMLDivElement>()
  const money = (value: unknown) => format.money(Number(value), report.currency)
  const twin: Twin = {
    columns: [
      { key: 'low', title: t('measure.reports.clv.distribution.from'), isNumber: true, format: money },
      { key: 'high', title: t('measure.reports.clv.distribution.to'), isNumber: true, format: money },
      {
        key: 'people',
        title: t('measure.reports.clv.people'),
        isNumber: true,
        format: (value) => format.count(Number(value)),
      },
    ],
    rows: report.distribution.map(({ low_minor, high_minor, people }) => ({
      low: low_minor,
      high: high_minor,
      people,
    })),
  }
  return (
    <Panel
      title={t('measure.reports.clv.distribution.title')}
      note={t('measure.reports.clv.distribution.note', { count: report.horizon_days })}
      twin={twin}
      fileName="fanwheel-clv"
      className={className}
    >
      <div ref={place}>{width > 0 ? <Distribution report={report} width={width} /> : null}</div>
    </Panel>
  )
}

/** Whether the model can be believed: what it expected beside what came. */
export const CalibrationPanel = ({ report, className }: PanelProps) => {
  const t = useT()
  const format = useFormats()
  const [place, width] = useWidth<HTMLDivElement>()
  const points = report.calibration ?? []
  const decimal = (value: unknown) => format.decimal(Number(value))
  const count = (value: unknown) => format.count(Number(value))
  const twin: Twin = {
    columns: [
      { key: 'frequency', title: t('measure.reports.clv.calibration.frequency'), isNumber: true },
      { key: 'people', title: t('measure.reports.clv.people'), isNumber: true, format: count },
      {
        key: 'predicted',
        title: t('measure.reports.clv.calibration.predicted'),
        isNumber: true,
        format: decimal,
      },
      { key: 'actual', title: t('measure.reports.clv.calibration.actual'), isNumber: true, format: decimal },
    ],
    rows: points.map(({ frequency, people, predicted, actual }) => ({
      frequency,
      people,
      predicted,
      actual,
    })),
  }
  return (
    <Panel
      title={t('measure.reports.clv.calibration.title')}
      note={t('measure.reports.clv.calibration.note')}
      twin={points.length > 0 ? twin : undefined}
      fileName="fanwheel-calibration"
      className={className}
    >
      <div ref={place}>
        {points.length === 0 ? (
          <EmptyState title={t('measure.reports.clv.calibration.empty')}>
            {t('measure.reports.clv.calibration.emptyHint')}
          </EmptyState>
        ) : width > 0 ? (
          <Calibration points={points} width={width} />
        ) : null}
      </div>
    </Panel>
  )
}
