import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Button } from '@/kernel/ui'
import { RedoIcon, UndoIcon } from '@/kernel/ui/icons'
import { type DraftGroup, fromDraft, nodeAt, type Paths, toDraft } from '../rule/draft'
import type { Edit } from '../rule/edit'
import { isComplete } from '../rule/gaps'
import { historyReducer, newHistory } from '../rule/history'
import type { Rule } from '../rule/types'
import type { Words } from '../sentence/words'
import styles from './builder.module.css'
import { type Builder, BuilderContext } from './context'
import { Group } from './group'
import type { Vocabulary } from './vocabulary'

/** Something said about a place in the rule's JSON. */
export interface Remark {
  path: string
  message: string
  hint?: string
}

interface RuleBuilderProps {
  initial: Rule
  words: Words
  vocabulary: Vocabulary
  /** The rule after every edit, and whether every condition says all it has to. */
  onChange: (rule: Rule, isWhole: boolean) => void
  /** How many people meet the condition at a path by itself. */
  counts: readonly { path: string; count: number }[]
  warnings: readonly Remark[]
  problem: Remark | null
  showsGaps: boolean
}

/** Of a condition that must not hold, those count who do not meet it: as the whole of it is asked. */
const countsById = (paths: Paths, counts: RuleBuilderProps['counts']): Map<number, number> => {
  const byPath = new Map(counts.map(({ path, count }) => [path, count]))
  return new Map([...paths].flatMap(([id, path]) => (byPath.has(path) ? [[id, byPath.get(path) ?? 0]] : [])))
}

/** Where the keyboard goes on after an edit. */
const focusAfter = (edit: Edit): string | null => {
  if (edit.type === 'step') return `[data-tool="${edit.by < 0 ? 'up' : 'down'}-${edit.id}"]`
  if (edit.type === 'add') return `[data-node="${edit.node.id}"] input, [data-node="${edit.node.id}"] button`
  return null
}

const useFocusAfterEdits = (root: DraftGroup) => {
  const wanted = useRef<string | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus moves once the new tree is on the page.
  useLayoutEffect(() => {
    const selector = wanted.current
    wanted.current = null
    const element = selector ? document.querySelectorAll<HTMLElement>(selector) : []
    // The first control of a new condition says whether it must hold; what is asked comes next.
    ;(selector?.includes('data-node') ? (element[1] ?? element[0]) : element[0])?.focus()
  }, [root])
  return wanted
}

const useShortcuts = (undo: () => void, redo: () => void) => {
  const latest = useRef({ undo, redo })
  latest.current = { undo, redo }
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLInputElement && event.target.value !== ''
      if (isTyping || event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      if (event.shiftKey) latest.current.redo()
      else latest.current.undo()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}

/** The rule as a tree of conditions that can be edited, with what is known of each. */
export const RuleBuilder = (props: RuleBuilderProps) => {
  const { initial, words, vocabulary, onChange, counts, warnings, problem, showsGaps } = props
  const t = useT()
  const [history, act] = useReducer(historyReducer, initial, (rule) => newHistory(toDraft(rule)))
  const [dragged, drag] = useState<number | null>(null)
  const root = history.now
  const wanted = useFocusAfterEdits(root)
  const { rule, paths } = useMemo(() => fromDraft(root), [root])
  const notify = useRef(onChange)
  notify.current = onChange
  useEffect(() => notify.current(rule, isComplete(root)), [rule, root])

  const undo = () => act({ type: 'undo' })
  const redo = () => act({ type: 'redo' })
  useShortcuts(undo, redo)

  const builder = useMemo((): Builder => {
    const nodeOf = ({ path }: { path: string }) => nodeAt(paths, path) ?? root.id
    return {
      vocabulary,
      words,
      edit: (edit) => {
        wanted.current = focusAfter(edit)
        act({ type: 'edit', edit, at: Date.now() })
      },
      counts: countsById(paths, counts),
      problem: problem ? { ...problem, nodeId: nodeOf(problem) } : null,
      warnings: new Map(warnings.map((each) => [nodeOf(each), each.message])),
      showsGaps,
      dragged,
      drag,
    }
  }, [vocabulary, words, counts, warnings, problem, showsGaps, dragged, paths, root, wanted])

  return (
    <BuilderContext value={builder}>
      <div className={styles.history}>
        <Button
          type="text"
          icon={<UndoIcon />}
          disabled={history.past.length === 0}
          aria-label={t('cdp.segments.build.undo')}
          title={t('cdp.segments.build.undo')}
          onClick={undo}
        />
        <Button
          type="text"
          icon={<RedoIcon />}
          disabled={history.future.length === 0}
          aria-label={t('cdp.segments.build.redo')}
          title={t('cdp.segments.build.redo')}
          onClick={redo}
        />
      </div>
      <Group group={root} />
    </BuilderContext>
  )
}
