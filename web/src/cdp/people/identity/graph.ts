import type { Identity, IdentityNode } from '@/kernel/api'
import { type ChartOption, shorten, tooltipLines, tooltipStyle } from '@/kernel/charts'
import { color, fontText, stageColor } from '@/kernel/ui'

interface GraphWords {
  kindOf: (kind: string) => string
  originOf: (origin: string) => string
  firstSeen: string
  since: (instant: string) => string
}

/** How strongly a kind of identifier says who somebody is: darker says more. */
const tintOf = (kind: string): string => {
  if (kind === 'anonymous_id' || kind === 'device_id') return stageColor.introduce
  return kind === 'user_id' || kind === 'external_id' ? stageColor.repurchase : stageColor.convert
}

const LABEL_ROOM = 150

/** White around letters keeps them readable where lines pass behind. */
const halo = { textBorderColor: '#fff', textBorderWidth: 3 } as const

/** Homes may hold several identifiers; each is a node of its own, tied to the home's first. */
const homesOf = (nodes: readonly IdentityNode[]): Map<number, IdentityNode[]> => {
  const homes = new Map<number, IdentityNode[]>()
  for (const node of nodes) homes.set(node.home_id, [...(homes.get(node.home_id) ?? []), node])
  return homes
}

const keyOf = ({ kind, value }: IdentityNode): string => `${kind}:${value}`

/** Identifiers and the statements that tie them together; ties that were cut are dashed. */
export const graphOption = ({ nodes, edges }: Identity, words: GraphWords, personId: number): ChartOption => {
  const homes = homesOf(nodes)
  const firstOf = (home: number) => homes.get(home)?.[0]
  const inner = [...homes.values()].flatMap(([first, ...others]) =>
    first
      ? others.map((other) => ({ source: keyOf(first), target: keyOf(other), lineStyle: { type: 'solid' } }))
      : [],
  )
  const outer = edges.flatMap((edge) => {
    const [low, high] = [firstOf(edge.low_id), firstOf(edge.high_id)]
    if (!low || !high) return []
    return [
      {
        source: keyOf(low),
        target: keyOf(high),
        label: { show: true, formatter: words.originOf(edge.origin) },
        lineStyle: edge.is_cut
          ? { type: 'dashed', color: color.uncertain }
          : { type: 'solid', color: color.primary },
      },
    ]
  })
  return {
    tooltip: {
      ...tooltipStyle,
      formatter: ({ data, dataType }: { data: Record<string, string>; dataType: string }) =>
        dataType === 'node'
          ? tooltipLines(data.full ?? '', [[words.firstSeen, words.since(data.at ?? '')]])
          : '',
    },
    series: [
      {
        type: 'graph',
        layout: 'force',
        roam: false,
        top: 30,
        bottom: 40,
        left: 90,
        right: 90,
        force: { repulsion: 900, edgeLength: 130, gravity: 0.12, layoutAnimation: false },
        lineStyle: { width: 1.5, color: '#A9C6C0', opacity: 1 },
        edgeLabel: { fontSize: 11, fontFamily: fontText, color: color.secondary, ...halo },
        label: {
          show: true,
          position: 'bottom',
          fontSize: 12,
          lineHeight: 16,
          fontFamily: fontText,
          color: color.ink,
          ...halo,
          formatter: ({ data }: { data: { short: string; kind: string } }) => `${data.kind}\n${data.short}`,
        },
        data: nodes.map((node) => ({
          id: keyOf(node),
          name: keyOf(node),
          kind: words.kindOf(node.kind),
          short: shorten(node.value, LABEL_ROOM),
          full: `${words.kindOf(node.kind)}: ${node.value}`,
          at: node.first_seen_at,
          symbolSize: node.home_id === personId ? 26 : 18,
          itemStyle: { color: tintOf(node.kind), borderColor: '#fff', borderWidth: 2 },
        })),
        links: [...inner, ...outer],
      },
    ],
  }
}
