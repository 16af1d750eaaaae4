import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Alert } from '@/kernel/ui'
import type { Learning, Rule } from './types'

interface Report {
  examples: number
  right: number | null
  unsure: number | null
  confusions: { rule_id: number; taken_for: number; sentences: number }[]
}

/** How well the example sentences are told apart by a model that has not seen them. */
export const LearningNote = ({ learning, rules }: { learning: Learning; rules: Rule[] }) => {
  const t = useT()
  const { share } = useFormats()
  if (learning.state === 'none') return null
  if (learning.state === 'learning') {
    return <Alert banner type="info" title={t('operate.autoreply.learning.running')} />
  }
  if (learning.state === 'failed') {
    return <Alert banner type="error" title={t('operate.autoreply.learning.failed')} />
  }
  const report = learning.report as unknown as Report
  if (report.right === null || report.unsure === null) {
    return <Alert banner type="warning" title={t('operate.autoreply.learning.few')} />
  }
  const nameOf = (ruleId: number) => rules.find(({ rule_id: id }) => id === ruleId)?.name
  const worst = report.confusions.find(({ taken_for: other }) => other !== 0)
  const one = worst ? nameOf(worst.rule_id) : undefined
  const other = worst ? nameOf(worst.taken_for) : undefined
  const figures = { right: share(report.right), unsure: share(report.unsure), count: report.examples }
  return (
    <Alert
      banner
      type="info"
      title={t('operate.autoreply.learning.ready', figures)}
      description={one && other ? t('operate.autoreply.learning.confused', { one, other }) : undefined}
    />
  )
}
