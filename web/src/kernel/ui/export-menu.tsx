import { App, Button, Dropdown, type MenuProps } from 'antd'
import type { RefObject } from 'react'
import { useT } from '@/kernel/i18n'
import { download } from './export/download'
import { pngOf } from './export/png'
import { ExportIcon } from './icons'
import { type Twin, twinToCsv } from './twin-table'

interface ExportMenuProps {
  twin: Twin
  fileName: string
  /** Where the figure is drawn; null while the table is shown. */
  figure: RefObject<HTMLElement | null> | null
}

/** Save the data as CSV or the figure as PNG. */
export const ExportMenu = ({ twin, fileName, figure }: ExportMenuProps) => {
  const t = useT()
  const { message } = App.useApp()

  const savePng = async () => {
    const svg = figure?.current?.querySelector('svg[data-figure], [data-figure] svg')
    if (!(svg instanceof SVGSVGElement)) {
      message.info(t('kernel.ui.noFigure'))
      return
    }
    download(await pngOf(svg), `${fileName}.png`)
  }

  const items: MenuProps['items'] = [
    {
      key: 'csv',
      label: t('kernel.ui.exportCsv'),
      onClick: () => download(new Blob([twinToCsv(twin)], { type: 'text/csv' }), `${fileName}.csv`),
    },
    { key: 'png', label: t('kernel.ui.exportPng'), disabled: figure === null, onClick: () => void savePng() },
  ]
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <Button type="text" icon={<ExportIcon />} aria-label={t('kernel.ui.export')} aria-haspopup="menu" />
    </Dropdown>
  )
}
