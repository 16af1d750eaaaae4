import { useMemo } from 'react'
import type { DomainName, FlowNode, FlowsReport } from '@/kernel/api'
import { Chart, useWidth } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { EmptyState, Panel, type Twin } from '@/kernel/ui'
import { Crossings } from './crossings'
import { sankeyOption } from './sankey'

const ROW = 34
const LEAST = { wide: 372, narrow: 300 } as const

/** What a node of the Sankey is called. */
const useNodeName = () => {
  const t = useT()
  const word = useWord()
  return useMemo(
    () =>
      ({ id, label, layer }: FlowNode): string => {
        if (layer === 2) return word('measure.cockpit.outcome', id.replace('outcome:', ''))
        if (layer === 1) return label ? word('kernel.channel', label) : t('measure.cockpit.flows.noChannel')
        if (id === 'source:other') return t('measure.cockpit.flows.otherSources')
        return label || t('measure.cockpit.flows.noSource')
      },
    [t, word],
  )
}

/** Where people came from, how they came on board and what became of it; below, who crossed between domains. */
export const FlowsPanel = ({ flows, className }: { flows: FlowsReport; className?: string }) => {
  const t = useT()
  const format = useFormats()
  const nameOf = useNodeName()
  const [place, width] = useWidth<HTMLDivElement>()
  const { nodes, edges } = flows.links
  const people = t('measure.cockpit.people')
  const option = useMemo(
    () => sankeyOption(flows, { nameOf, count: format.count, people }, width),
    [flows, nameOf, format, people, width],
  )
  const names = new Map(nodes.map((node) => [node.id, nameOf(node)]))
  const domainName = (domain: DomainName) => t(`kernel.domain.${domain}`)
  const twin: Twin = {
    columns: [
      { key: 'from', title: t('measure.cockpit.flows.from') },
      { key: 'to', title: t('measure.cockpit.flows.to') },
      { key: 'people', title: people, isNumber: true, format: (value) => format.count(Number(value)) },
    ],
    rows: [
      ...edges.map(({ from, to, people: value }) => ({
        from: names.get(from),
        to: names.get(to),
        people: value,
      })),
      ...flows.flows.map((flow) => ({
        from: domainName(flow.from),
        to: domainName(flow.to),
        people: flow.people,
      })),
    ],
  }
  const busiest = Math.max(...[0, 1, 2].map((layer) => nodes.filter((node) => node.layer === layer).length))
  return (
    <Panel
      title={t('measure.cockpit.flows.title')}
      note={t('measure.cockpit.flows.note')}
      twin={twin}
      fileName="fanwheel-flows"
      className={className}
    >
      <div ref={place}>
        {edges.length === 0 ? (
          <EmptyState title={t('measure.cockpit.flows.empty')}>
            {t('measure.cockpit.flows.emptyHint')}
          </EmptyState>
        ) : (
          <Chart
            label={t('measure.cockpit.flows.label')}
            option={option}
            height={Math.max(width < 520 ? LEAST.narrow : LEAST.wide, busiest * ROW)}
          />
        )}
        <Crossings flows={flows} />
      </div>
    </Panel>
  )
}
