import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { ReferralNode, ReferralReport } from '@/kernel/api'
import { useCan } from '@/kernel/auth'
import { Chart, useWidth } from '@/kernel/charts'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { EmptyState, Panel, type Twin } from '@/kernel/ui'
import { countLeaves, growTrees, treeOption } from './referral-tree'

const LINE = 26
const LEAST = 200

const useReferralTwin = (tree: ReferralNode[], nameOf: (node: ReferralNode) => string): Twin => {
  const t = useT()
  const format = useFormats()
  const count = (value: unknown) => format.count(Number(value))
  const names = new Map(tree.map((node) => [node.person_id, nameOf(node)]))
  return {
    columns: [
      { key: 'person', title: t('measure.cockpit.referral.person') },
      { key: 'by', title: t('measure.cockpit.referral.broughtBy') },
      { key: 'brought', title: t('measure.cockpit.referral.brought'), isNumber: true, format: count },
      { key: 'orders', title: t('measure.cockpit.referral.orders'), isNumber: true, format: count },
    ],
    rows: tree.map((node) => ({
      person: nameOf(node),
      by: node.parent_id === null ? null : names.get(node.parent_id),
      brought: node.brought,
      orders: node.orders,
    })),
  }
}

/** Who brought whom. */
export const ReferralPanel = ({ report }: { report: ReferralReport }) => {
  const t = useT()
  const format = useFormats()
  const navigate = useNavigate()
  const [place, width] = useWidth<HTMLDivElement>()
  const canSeePeople = useCan('people:read')
  const nameOf = (node: ReferralNode) =>
    node.name || t('measure.cockpit.referral.unnamed', { id: String(node.person_id) })
  const roots = useMemo(() => growTrees(report.tree), [report.tree])
  // biome-ignore lint/correctness/useExhaustiveDependencies: names change only with the language, which t stands for.
  const option = useMemo(() => {
    const words = {
      nameOf,
      orders: t('measure.cockpit.referral.orders'),
      brought: t('measure.cockpit.referral.brought'),
      count: format.count,
    }
    return treeOption(roots, words, width)
  }, [roots, t, format, width])
  const open = (item: unknown) => {
    const id = (item as { personId?: number } | null)?.personId
    if (id && canSeePeople) void navigate({ to: '/people/$personId', params: { personId: String(id) } })
  }
  const figures = [
    t('measure.cockpit.referral.invites', { shown: format.count(report.invites) }),
    t('measure.cockpit.referral.accepted', { shown: format.count(report.accepted_invites) }),
    report.k_factor === null
      ? null
      : t('measure.cockpit.referral.k', { shown: format.decimal(report.k_factor) }),
  ]
  const twin = useReferralTwin(report.tree, nameOf)
  const hasTree = report.tree.length > 0
  return (
    <Panel
      title={t('measure.cockpit.referral.title')}
      note={figures.filter(Boolean).join(' · ')}
      twin={hasTree ? twin : undefined}
      fileName="fanwheel-referral"
    >
      <div ref={place}>
        {hasTree ? (
          <Chart
            label={t('measure.cockpit.referral.label')}
            option={option}
            height={Math.max(LEAST, countLeaves(roots) * LINE)}
            onSelect={open}
          />
        ) : (
          <EmptyState title={t('measure.cockpit.referral.empty')}>
            {t('measure.cockpit.referral.emptyHint')}
          </EmptyState>
        )}
      </div>
    </Panel>
  )
}
