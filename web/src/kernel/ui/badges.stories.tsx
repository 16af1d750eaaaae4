import { DomainDot, StageBadge } from './badges'
import { Flex } from './primitives'
import type { Stories } from './story'
import { domainColor, STAGES } from './tokens'

export const stories: Stories = {
  DomainDot: () => (
    <Flex gap={16} wrap>
      {Object.keys(domainColor).map((domain) => (
        <DomainDot key={domain} domain={domain} />
      ))}
      <DomainDot domain="commercial" label="Baidu" />
      <DomainDot domain="a word nobody knows" />
    </Flex>
  ),
  StageBadge: () => (
    <Flex gap={16} wrap>
      {STAGES.map((stage) => (
        <StageBadge key={stage} stage={stage} />
      ))}
    </Flex>
  ),
}
