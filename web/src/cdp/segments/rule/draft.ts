import type { Condition, Leaf, Rule } from './types'

/**
 * A rule while it is edited: every node has an id that stays with it wherever it is moved, and a `not` belongs to
 * what it denies, so that nobody has to open a group to say it.
 */
export interface DraftLeaf {
  id: number
  isDenied: boolean
  leaf: Leaf
}

export interface DraftGroup {
  id: number
  isDenied: boolean
  join: 'all' | 'any'
  children: DraftNode[]
}

export type DraftNode = DraftLeaf | DraftGroup

export const isGroup = (node: DraftNode): node is DraftGroup => 'children' in node

let lastId = 0

/** Ids are unlike each other as long as the page lives. */
export const newId = (): number => {
  lastId += 1
  return lastId
}

export const draftLeaf = (leaf: Leaf, isDenied = false): DraftLeaf => ({ id: newId(), isDenied, leaf })

export const draftGroup = (children: DraftNode[] = [], join: 'all' | 'any' = 'all'): DraftGroup => ({
  id: newId(),
  isDenied: false,
  join,
  children,
})

const fromCondition = (condition: Condition): DraftNode => {
  if ('conditions' in condition) {
    return draftGroup(condition.conditions.map(fromCondition), condition.type)
  }
  if (!('condition' in condition)) return draftLeaf(condition)
  const inner = fromCondition(condition.condition)
  // Twice denied: only a group around it can say so.
  return inner.isDenied ? { ...draftGroup([inner]), isDenied: true } : { ...inner, isDenied: true }
}

/** The draft of a rule; its root is always a group. */
export const toDraft = ({ condition }: Rule): DraftGroup => {
  const root = fromCondition(condition)
  return isGroup(root) ? root : draftGroup([root])
}

/** Where each node stands in the rule's JSON, by its id. */
export type Paths = Map<number, string>

const place = (node: DraftNode, path: string, paths: Paths): Condition => {
  paths.set(node.id, path)
  const inside = node.isDenied ? `${path}.condition` : path
  const condition: Condition = isGroup(node)
    ? {
        type: node.join,
        conditions: node.children.map((child, index) =>
          place(child, `${inside}.conditions[${index}]`, paths),
        ),
      }
    : node.leaf
  return node.isDenied ? { type: 'not', condition } : condition
}

/** The rule of a draft, and where each of its nodes went. */
export const fromDraft = (root: DraftGroup): { rule: Rule; paths: Paths } => {
  const paths: Paths = new Map()
  const only = root.children[0]
  // A group around one condition says nothing.
  if (root.children.length === 1 && only && !root.isDenied) {
    const rule: Rule = { version: 1, condition: place(only, '$.condition', paths) }
    return { rule, paths: paths.set(root.id, '$') }
  }
  return { rule: { version: 1, condition: place(root, '$.condition', paths) }, paths }
}

/** The node that a path from the server lies in: the deepest whose own path begins it. */
export const nodeAt = (paths: Paths, path: string): number | null => {
  let found: number | null = null
  let length = -1
  for (const [id, own] of paths) {
    const isWithin = path === own || path.startsWith(`${own}.`) || path.startsWith(`${own}[`)
    if (isWithin && own.length > length) {
      found = id
      length = own.length
    }
  }
  return found
}

/** Every leaf of a draft, from top to bottom. */
export const leavesOf = (node: DraftNode): DraftLeaf[] =>
  isGroup(node) ? node.children.flatMap(leavesOf) : [node]

/** How many nodes a draft has. */
export const sizeOf = (node: DraftNode): number =>
  isGroup(node) ? node.children.reduce((sum, child) => sum + sizeOf(child), 1) : 1
