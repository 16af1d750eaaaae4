import { type ComponentType, createContext, useContext } from 'react'
import type { Formula, TraitType } from './view'

interface FormulaInputProps {
  formula: Formula
  onChange: (formula: Formula) => void
}

/** What traits need of the slice that knows events and rules; whoever composes the page hands it in. */
export interface TraitTools {
  /** A formula in one plain sentence. */
  say: (formula: Formula) => string
  FormulaInput: ComponentType<FormulaInputProps>
  fresh: () => Formula
  isWhole: (formula: Formula) => boolean
  /** What kind of value a formula gives. */
  typeOf: (formula: Formula) => TraitType
  /** The segments whose rules ask about a trait. */
  usesOf: (name: string) => string[]
}

export const TraitToolsContext = createContext<TraitTools | null>(null)

export const useTraitTools = (): TraitTools => {
  const tools = useContext(TraitToolsContext)
  if (!tools) throw new Error('TraitToolsContext is missing.')
  return tools
}
