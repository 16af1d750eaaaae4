import { Button, Tooltip } from 'antd'
import { useT } from '@/kernel/i18n'
import { TableIcon } from './icons'

interface TwinToggleProps {
  isTable: boolean
  onChange: (isTable: boolean) => void
}

/** Swap a figure for the table with the same data. */
export const TwinToggle = ({ isTable, onChange }: TwinToggleProps) => {
  const t = useT()
  const label = t('kernel.ui.showTable')
  return (
    <Tooltip title={isTable ? t('kernel.ui.showFigure') : label}>
      <Button
        type={isTable ? 'default' : 'text'}
        icon={<TableIcon />}
        aria-label={label}
        aria-pressed={isTable}
        onClick={() => onChange(!isTable)}
      />
    </Tooltip>
  )
}
