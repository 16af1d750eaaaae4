import { useFormats } from '@/kernel/format'
import { useT, useWord } from '@/kernel/i18n'
import { conditionAt, depthOf } from '../rule/place'
import type { Condition, Rule } from '../rule/types'
import styles from '../segments.module.css'
import { className, sayCondition } from '../sentence/sentence'
import type { Words } from '../sentence/words'
import { useWords } from '../use-words'
import type { Explained } from '../view'

const isMomentText = (value: string) => /^\d{4}-\d{2}-\d{2}T/.test(value)

/** What a person has where a condition looks, in words; null where there is nothing to tell. */
export const useActualText = () => {
  const t = useT()
  const word = useWord()
  const format = useFormats()
  const words = useWords()
  const scalar = (value: unknown): string => {
    if (typeof value === 'number') return format.decimal(value, 2)
    if (typeof value === 'boolean') return t(`cdp.segments.say.${value}`)
    if (typeof value === 'string') return isMomentText(value) ? format.instant(value) : value
    return JSON.stringify(value)
  }
  const ofTrait = (name: string) => (value: unknown) => {
    const unit = typeof value === 'number' ? words.names.unit(name) : undefined
    const shown = words.names.option(name, String(value)) ?? scalar(value)
    return unit ? t('kernel.traitValue.withUnit', { value: shown, unit }) : shown
  }
  return (condition: Condition, actual: unknown): string | null => {
    switch (condition.type) {
      case 'all':
      case 'any':
      case 'not':
      case 'tag':
      case 'segment':
      case 'list':
      case 'referral':
      case 'sample':
        return null
      case 'reachable': {
        const channels = (actual as string[] | null) ?? []
        return channels.length > 0
          ? channels.map((each) => word('kernel.channel', each)).join(t('cdp.segments.say.listSeparator'))
          : t('cdp.segments.why.noChannel')
      }
      case 'source':
      case 'domain':
        return touchText(words, condition.type, actual)
      case 'layer':
        return actual === null
          ? t('cdp.segments.why.nothing')
          : className(words, condition.layer, String(actual))
      case 'trait':
        return actual === null || actual === undefined
          ? t('cdp.segments.why.nothing')
          : [actual].flat().map(ofTrait(condition.name)).join(t('cdp.segments.say.listSeparator'))
      case 'field':
        return condition.name === 'revenue_minor' && typeof actual === 'number'
          ? format.money(actual, words.currency)
          : actual === null
            ? t('cdp.segments.why.nothing')
            : scalar(actual)
      default:
        return actual === null || actual === undefined ? t('cdp.segments.why.nothing') : scalar(actual)
    }
  }
}

const touchText = ({ t, names }: Words, type: 'source' | 'domain', actual: unknown): string => {
  const touches = (actual ?? {}) as { first?: string | null; last?: string | null }
  const said = (value: string | null | undefined) => {
    if (!value) return t('cdp.segments.why.nothing')
    return type === 'source' ? (names.source(value) ?? value) : t(`kernel.domain.${value as 'public'}`)
  }
  return t('cdp.segments.why.touches', { first: said(touches.first), last: said(touches.last) })
}

const flat = (explained: Explained): Explained[] => [explained, ...explained.parts.flatMap(flat)]

interface ExplanationProps {
  rule: Rule
  explained: Explained
}

/** Every condition with its answer for one person; those that decided stand out. */
export const Explanation = ({ rule, explained }: ExplanationProps) => {
  const t = useT()
  const format = useFormats()
  const words = useWords()
  const actualText = useActualText()
  const all = flat(explained)
  // A single condition needs no line for the group that it is.
  const shown = all.filter(({ parts }) => parts.length === 0 || all.length > 2)
  return (
    <ul className={styles.reasons}>
      {shown.map((each) => {
        const condition = conditionAt(rule, each.path)
        const isGroup = each.parts.length > 0
        const actual = isGroup ? null : actualText(condition, each.actual)
        return (
          <li
            key={each.path}
            className={styles.reason}
            data-decided={each.decided && !isGroup}
            style={{ '--depth': depthOf(each.path) } as React.CSSProperties}
          >
            <span aria-hidden="true">{each.holds ? '✓' : '✕'}</span>{' '}
            <span className="visually-hidden">
              {t(each.holds ? 'cdp.segments.why.holds' : 'cdp.segments.why.fails')}
            </span>
            {isGroup
              ? t(`cdp.segments.why.group.${each.type as 'all' | 'any' | 'not'}`)
              : sayCondition(words, condition)}
            {actual === null ? null : (
              <span className={styles.actual}>{t('cdp.segments.why.actual', { actual })}</span>
            )}
            {each.until && each.decided && !isGroup ? (
              <span className={styles.actual}>
                {t('cdp.segments.why.until', { at: format.instant(each.until) })}
              </span>
            ) : null}
          </li>
        )
      })}
    </ul>
  )
}
