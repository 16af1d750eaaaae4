import { BarChart, LineChart, SankeyChart, TreeChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

// SVG: tests can read a chart's text, and it prints sharply.
echarts.use([BarChart, LineChart, SankeyChart, TreeChart, GridComponent, TooltipComponent, SVGRenderer])

export { echarts }
