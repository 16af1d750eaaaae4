import type { Condition, Rule } from './types'

const STEP = /\.condition(?!s)|\.conditions\[(\d+)\]/g

/** The condition that stands at a path of a rule's JSON, such as `$.condition.conditions[1]`; the nearest around it. */
export const conditionAt = (rule: Rule, path: string): Condition => {
  const [, ...steps] = path.matchAll(STEP)
  let here = rule.condition
  for (const [, index] of steps) {
    const next: Condition | undefined =
      index === undefined
        ? 'condition' in here
          ? here.condition
          : undefined
        : 'conditions' in here
          ? here.conditions[Number(index)]
          : undefined
    if (!next) return here
    here = next
  }
  return here
}

/** How deep a path leads into the groups of a rule. */
export const depthOf = (path: string): number => [...path.matchAll(STEP)].length - 1
