import { type ComponentType, createContext, useContext } from 'react'
import type { RuleBody } from './view'

interface RuleInputProps {
  initial: RuleBody | null
  onChange: (rule: RuleBody, isWhole: boolean) => void
  showsGaps: boolean
  error?: unknown
}

/** What tags and layers need of the slice that knows rules; whoever composes the page hands it in. */
export interface RuleTools {
  /** A rule in one plain sentence. */
  say: (rule: RuleBody) => string
  RuleInput: ComponentType<RuleInputProps>
  /** The segments whose rules ask about a tag or a layer. */
  usesOf: (type: 'tag' | 'layer', name: string) => string[]
}

export const RuleToolsContext = createContext<RuleTools | null>(null)

export const useRuleTools = (): RuleTools => {
  const tools = useContext(RuleToolsContext)
  if (!tools) throw new Error('RuleToolsContext is missing.')
  return tools
}
