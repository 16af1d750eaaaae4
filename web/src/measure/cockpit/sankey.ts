import type { DomainName, FlowNode, FlowsReport } from '@/kernel/api'
import { type ChartOption, tooltipLines, tooltipStyle } from '@/kernel/charts'
import { color, domainColor, fontText } from '@/kernel/ui'

interface SankeyWords {
  nameOf: (node: FlowNode) => string
  count: (people: number) => string
  people: string
}

/** Nothing known, nobody joined, nothing bought yet: grey, whatever the layer. */
const isEnd = (node: FlowNode) => node.id === 'channel:' || node.id === 'outcome:none'

/** The colour of a node: its domain's; outcomes within the private domain are its own. */
export const nodeColor = (node: FlowNode): string => {
  if (isEnd(node)) return color.uncertain
  const domain: DomainName = node.layer === 2 ? 'private' : node.domain
  return domainColor[domain]
}

/** Wider figures give words room beside the last layer. */
const margin = (width: number) => (width < 520 ? { left: 4, right: 84 } : { left: 8, right: 118 })

/** Sources to private channels to outcomes, as a Sankey. */
export const sankeyOption = (
  { links: { nodes, edges } }: FlowsReport,
  { nameOf, count, people }: SankeyWords,
  width: number,
): ChartOption => {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const nameById = (id: string) => {
    const node = byId.get(id)
    return node ? nameOf(node) : id
  }
  return {
    tooltip: {
      ...tooltipStyle,
      formatter: ({
        dataType,
        data,
        value,
      }: {
        dataType: string
        data: Record<string, string>
        value: number
      }) => {
        const heading =
          dataType === 'edge'
            ? `${nameById(data.source ?? '')} → ${nameById(data.target ?? '')}`
            : nameById(data.name ?? '')
        return tooltipLines(heading, [[people, count(value)]])
      },
    },
    series: [
      {
        type: 'sankey',
        top: 10,
        bottom: 10,
        ...margin(width),
        nodeWidth: 10,
        nodeGap: 12,
        draggable: false,
        emphasis: { focus: 'adjacency', lineStyle: { opacity: 0.5 } },
        lineStyle: { curveness: 0.5, opacity: 0.24 },
        label: {
          fontFamily: fontText,
          fontSize: 12,
          color: color.ink,
          formatter: ({ name }: { name: string }) => nameById(name),
          width: width < 520 ? 80 : 150,
          overflow: 'truncate',
        },
        data: nodes.map((node) => ({
          name: node.id,
          depth: node.layer,
          itemStyle: { color: nodeColor(node), borderWidth: 0 },
        })),
        links: edges.map(({ from, to, people: value }) => ({
          source: from,
          target: to,
          value,
          lineStyle: {
            color: nodeColor(byId.get(from) ?? { id: from, layer: 0, domain: 'unknown', label: '' }),
          },
        })),
      },
    ],
  }
}
