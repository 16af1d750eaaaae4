import type { Condition, Rule } from './types'

/** What a rule can ask about that has a name of its own. */
export interface Mentioned {
  type: 'trait' | 'tag' | 'layer'
  name: string
}

const holds = (condition: Condition, { type, name }: Mentioned): boolean => {
  switch (condition.type) {
    case 'all':
    case 'any':
      return condition.conditions.some((each) => holds(each, { type, name }))
    case 'not':
      return holds(condition.condition, { type, name })
    case 'trait':
      return type === 'trait' && condition.name === name
    case 'tag':
      return type === 'tag' && condition.tag === name
    case 'layer':
      return type === 'layer' && condition.layer === name
    default:
      return false
  }
}

/** Whether a rule asks about a trait, a tag or a layer. */
export const mentions = (rule: Rule, sought: Mentioned): boolean => holds(rule.condition, sought)
