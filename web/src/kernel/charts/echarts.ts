import { BarChart, GraphChart, HeatmapChart, LineChart, SankeyChart, TreeChart } from 'echarts/charts'
import { AriaComponent, GridComponent, TooltipComponent, VisualMapComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

// SVG: tests can read a chart's text, and it prints sharply.
echarts.use([
  BarChart,
  LineChart,
  GraphChart,
  HeatmapChart,
  SankeyChart,
  TreeChart,
  AriaComponent,
  GridComponent,
  TooltipComponent,
  VisualMapComponent,
  SVGRenderer,
])

export { echarts }
