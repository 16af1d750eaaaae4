import type { ClvReport } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { type Column, DataTable, Nothing, Panel } from '@/kernel/ui'

type Parameter = ClvReport['parameters'][number]

/** The model's parameters, for whoever wants to check. */
export const ParametersPanel = ({ report }: { report: ClvReport }) => {
  const t = useT()
  const format = useFormats()
  const columns: Column<Parameter>[] = [
    { key: 'name', title: t('measure.reports.clv.parameters.name'), width: 90, render: ({ name }) => name },
    {
      key: 'estimate',
      title: t('measure.reports.clv.parameters.estimate'),
      width: 130,
      isNumber: true,
      render: ({ estimate }) => format.decimal(estimate, 4),
    },
    {
      key: 'error',
      title: t('measure.reports.clv.parameters.error'),
      width: 130,
      isNumber: true,
      render: ({ standard_error: error }) => (error === null ? <Nothing /> : format.decimal(error, 4)),
    },
  ]
  return (
    <Panel title={t('measure.reports.clv.parameters.title')} note={report.model} flush>
      <DataTable
        label={t('measure.reports.clv.parameters.title')}
        columns={columns}
        rows={report.parameters}
        rowKey={({ name }) => name}
      />
    </Panel>
  )
}
