import { createContext, useContext } from 'react'
import type { Edit } from '../rule/edit'
import type { Words } from '../sentence/words'
import type { Vocabulary } from './vocabulary'

/** What the server says against a condition. */
export interface Problem {
  nodeId: number
  message: string
  hint?: string
}

/** What every part of the builder works with. */
export interface Builder {
  vocabulary: Vocabulary
  words: Words
  edit: (edit: Edit) => void
  /** How many people meet each condition by itself, as far as that is known. */
  counts: ReadonlyMap<number, number>
  problem: Problem | null
  /** Warnings by the condition they are about. */
  warnings: ReadonlyMap<number, string>
  /** Whether to say what conditions lack; not before they have been looked at. */
  showsGaps: boolean
  /** The condition being dragged. */
  dragged: number | null
  drag: (id: number | null) => void
}

export const BuilderContext = createContext<Builder | null>(null)

const nothing = () => undefined

/** A builder for parts that stand by themselves, outside a tree of conditions. */
export const bareBuilder = (vocabulary: Vocabulary, words: Words): Builder => ({
  vocabulary,
  words,
  edit: nothing,
  counts: new Map(),
  problem: null,
  warnings: new Map(),
  showsGaps: false,
  dragged: null,
  drag: nothing,
})

export const useBuilder = (): Builder => {
  const builder = useContext(BuilderContext)
  if (!builder) throw new Error('BuilderContext is missing.')
  return builder
}
