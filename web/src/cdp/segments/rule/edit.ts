import { type DraftGroup, type DraftNode, draftGroup, isGroup, newId } from './draft'
import type { Leaf } from './types'

/** Changes of a draft; each gives a new draft and leaves the old one as it was. */
export type Edit =
  | { type: 'add'; groupId: number; node: DraftNode; index?: number }
  | { type: 'remove'; id: number }
  | { type: 'duplicate'; id: number }
  | { type: 'leaf'; id: number; leaf: Leaf }
  | { type: 'deny'; id: number; isDenied: boolean }
  | { type: 'join'; id: number; join: 'all' | 'any'; isDenied: boolean }
  | { type: 'wrap'; id: number }
  | { type: 'unwrap'; id: number }
  | { type: 'step'; id: number; by: -1 | 1 }
  | { type: 'move'; id: number; groupId: number; index: number }

type Change = (children: DraftNode[], index: number) => DraftNode[]

/** The group with the children around the node with an id changed; the same group if it holds no such node. */
const around = (group: DraftGroup, id: number, change: Change): DraftGroup => {
  const index = group.children.findIndex((child) => child.id === id)
  if (index >= 0) return { ...group, children: change(group.children, index) }
  let hasChanged = false
  const children = group.children.map((child) => {
    if (hasChanged || !isGroup(child)) return child
    const next = around(child, id, change)
    hasChanged = next !== child
    return next
  })
  return hasChanged ? { ...group, children } : group
}

export const findNode = (root: DraftNode, id: number): DraftNode | null => {
  if (root.id === id) return root
  if (!isGroup(root)) return null
  for (const child of root.children) {
    const found = findNode(child, id)
    if (found) return found
  }
  return null
}

/** The group that holds a node, and its place there. */
export const placeOf = (root: DraftGroup, id: number): { group: DraftGroup; index: number } | null => {
  const index = root.children.findIndex((child) => child.id === id)
  if (index >= 0) return { group: root, index }
  for (const child of root.children) {
    const found = isGroup(child) ? placeOf(child, id) : null
    if (found) return found
  }
  return null
}

const withNode = (root: DraftGroup, id: number, change: (node: DraftNode) => DraftNode): DraftGroup => {
  if (root.id === id) {
    const next = change(root)
    return isGroup(next) ? next : root
  }
  return around(root, id, (children, index) =>
    children.map((child, at) => (at === index ? change(child) : child)),
  )
}

const removed = (root: DraftGroup, id: number) =>
  around(root, id, (children, index) => children.toSpliced(index, 1))

const inserted = (root: DraftGroup, groupId: number, node: DraftNode, index?: number) =>
  withNode(root, groupId, (group) =>
    isGroup(group)
      ? { ...group, children: group.children.toSpliced(index ?? group.children.length, 0, node) }
      : group,
  )

/** The same with ids of its own. */
export const copyOf = (node: DraftNode): DraftNode =>
  isGroup(node)
    ? { ...node, id: newId(), children: node.children.map(copyOf) }
    : { ...node, id: newId(), leaf: structuredClone(node.leaf) }

const moved = (root: DraftGroup, id: number, groupId: number, index: number): DraftGroup => {
  const node = findNode(root, id)
  const from = placeOf(root, id)
  if (!node || !from || findNode(node, groupId)) return root
  const shift = from.group.id === groupId && from.index < index ? 1 : 0
  return inserted(removed(root, id), groupId, node, index - shift)
}

/** One line up or down as the eye sees it: into a group that stands in the way, and out of one at its end. */
const stepped = (root: DraftGroup, id: number, by: -1 | 1): DraftGroup => {
  const here = placeOf(root, id)
  if (!here) return root
  const { group, index } = here
  const neighbor = group.children[index + by]
  if (neighbor && isGroup(neighbor)) {
    return moved(root, id, neighbor.id, by < 0 ? neighbor.children.length : 0)
  }
  if (neighbor) return moved(root, id, group.id, by < 0 ? index - 1 : index + 2)
  const outside = placeOf(root, group.id)
  if (!outside) return root
  return moved(root, id, outside.group.id, by < 0 ? outside.index : outside.index + 1)
}

export const edited = (root: DraftGroup, edit: Edit): DraftGroup => {
  switch (edit.type) {
    case 'add':
      return inserted(root, edit.groupId, edit.node, edit.index)
    case 'remove':
      return removed(root, edit.id)
    case 'duplicate':
      return around(root, edit.id, (children, index) => {
        const node = children[index]
        return node ? children.toSpliced(index + 1, 0, copyOf(node)) : children
      })
    case 'leaf':
      return withNode(root, edit.id, (node) => (isGroup(node) ? node : { ...node, leaf: edit.leaf }))
    case 'deny':
      return withNode(root, edit.id, (node) => ({ ...node, isDenied: edit.isDenied }))
    case 'join':
      return withNode(root, edit.id, (node) =>
        isGroup(node) ? { ...node, join: edit.join, isDenied: edit.isDenied } : node,
      )
    case 'wrap':
      return around(root, edit.id, (children, index) =>
        children.map((child, at) => (at === index ? draftGroup([child], 'any') : child)),
      )
    case 'unwrap':
      return around(root, edit.id, (children, index) => {
        const node = children[index]
        return node && isGroup(node) ? children.toSpliced(index, 1, ...node.children) : children
      })
    case 'step':
      return stepped(root, edit.id, edit.by)
    case 'move':
      return moved(root, edit.id, edit.groupId, edit.index)
  }
}
