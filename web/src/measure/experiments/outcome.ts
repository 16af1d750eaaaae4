import { useWorkspace } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import type { Outcome } from './queries'

/** How an outcome is written: of one person, and of many together. */
export const useOutcome = (outcome: Outcome) => {
  const format = useFormats()
  const currency = useWorkspace()?.reporting_currency ?? 'CNY'
  const each = {
    revenue: (value: number) => format.money(value, currency),
    orders: (value: number) => format.decimal(value, 3),
    buyers: (value: number) => format.share(value),
  }[outcome]
  const sum = (value: number) =>
    outcome === 'revenue' ? format.money(value, currency, { compact: true }) : format.count(value)
  return { each, sum }
}
