import type { DomainName, FlowsReport, KnownDomain } from '@/kernel/api'

/** People whom a domain touched in the period. */
export const touched = (flows: FlowsReport, domain: DomainName): number =>
  flows.domains.find((each) => each.domain === domain)?.people ?? 0

/** People who went from one domain to another in the period. */
export const crossed = (flows: FlowsReport, from: KnownDomain, to: KnownDomain): number =>
  flows.flows.find((each) => each.from === from && each.to === to)?.people ?? 0
