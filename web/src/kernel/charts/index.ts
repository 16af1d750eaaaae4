export { Chart, type ChartOption } from './chart'
export { contrast, mix, textOn } from './scale'
export { escapeHtml, tooltipLines, tooltipStyle } from './tooltip'
export { useWidth } from './use-width'
