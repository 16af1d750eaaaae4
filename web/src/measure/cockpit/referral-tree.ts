import type { ReferralNode } from '@/kernel/api'
import { type ChartOption, shorten, tooltipLines, tooltipStyle } from '@/kernel/charts'
import { color, fontText } from '@/kernel/ui'

export interface Branch {
  node: ReferralNode
  children: Branch[]
}

/** The flat list as trees; a node whose parent is not in the list starts a tree of its own. */
export const growTrees = (nodes: readonly ReferralNode[]): Branch[] => {
  const branches = new Map(nodes.map((node) => [node.person_id, { node, children: [] as Branch[] }]))
  const roots: Branch[] = []
  for (const branch of branches.values()) {
    const { parent_id: parent, person_id: own } = branch.node
    const above = parent !== null && parent !== own ? branches.get(parent) : undefined
    if (above) above.children.push(branch)
    else roots.push(branch)
  }
  return roots
}

/** How many lines a drawing of the trees needs. */
export const countLeaves = (branches: readonly Branch[]): number =>
  branches.reduce((sum, { children }) => sum + (children.length === 0 ? 1 : countLeaves(children)), 0)

interface TreeWords {
  nameOf: (node: ReferralNode) => string
  orders: string
  brought: string
  count: (value: number) => string
}

const SMALLEST = 7
const LARGEST = 20

const symbolSize = (brought: number) => Math.min(LARGEST, SMALLEST + 2.6 * Math.sqrt(brought))

const depthOf = (branches: readonly Branch[]): number =>
  branches.length === 0 ? 0 : 1 + Math.max(...branches.map(({ children }) => depthOf(children)))

/**
 * Where the drawing must start so that the first people stand just right of their names:
 * the root that is not drawn takes the layer before them, outside the picture.
 */
export const leftOf = (roots: readonly Branch[], width: number, room: number): number => {
  const layers = depthOf(roots)
  return layers < 2 ? 0 : (room * layers - (width - room)) / (layers - 1)
}

/** Trees side by side under a root that is not drawn. */
export const treeOption = (roots: Branch[], words: TreeWords, width: number): ChartOption => {
  const room = width < 520 ? 78 : 130
  const draw = ({ node, children }: Branch, depth: number): Record<string, unknown> => ({
    name: shorten(words.nameOf(node), room - 18),
    value: node.orders,
    personId: node.person_id,
    brought: node.brought,
    symbolSize: symbolSize(node.brought),
    // Who has bought is filled; who has only come is hollow.
    itemStyle: {
      color: node.orders > 0 ? color.primary : '#fff',
      borderColor: color.primary,
      borderWidth: 1.5,
    },
    lineStyle: depth === 0 ? { opacity: 0 } : undefined,
    children: children.map((child) => draw(child, depth + 1)),
  })
  return {
    tooltip: {
      ...tooltipStyle,
      formatter: ({ name, data }: { name: string; data: { value: number; brought: number } }) =>
        tooltipLines(name, [
          [words.brought, words.count(data.brought ?? 0)],
          [words.orders, words.count(data.value ?? 0)],
        ]),
    },
    series: [
      {
        type: 'tree',
        top: 8,
        bottom: 8,
        left: leftOf(roots, width, room),
        right: room,
        symbol: 'circle',
        orient: 'LR',
        edgeShape: 'curve',
        initialTreeDepth: -1,
        expandAndCollapse: false,
        roam: false,
        lineStyle: { color: '#A9C6C0', width: 1.25, curveness: 0.5 },
        label: {
          position: 'left',
          distance: 7,
          fontSize: 12,
          fontFamily: fontText,
          color: color.ink,
          textBorderColor: '#fff',
          textBorderWidth: 3,
          align: 'right',
          verticalAlign: 'middle',
        },
        leaves: { label: { position: 'right', align: 'left', distance: 8 } },
        data: [
          {
            name: '',
            symbolSize: 0,
            label: { show: false },
            tooltip: { show: false },
            children: roots.map((root) => draw(root, 0)),
          },
        ],
      },
    ],
  }
}
