import type { Condition, FieldName, Leaf, Rule, Test } from '../rule/types'
import { COUNTS, isMoment } from '../rule/types'
import { asksForAny, sayEvent, saySequence, settled } from './event'
import { isMomentTest, type Side, sayTest, takesInUnknown } from './test'
import { inScript, oneOf, quoted, traitName, type Words, whose } from './words'

const BIRTHDAYS = new Set(['birthday', 'birth_date', 'birthdate', 'date_of_birth', 'dob', '生日'])

const sayBirthday = ({ t }: Words, days: number, side: Side): string => {
  if (days === 0) return t(`cdp.segments.say.birthday.today.${side}`)
  return t(`cdp.segments.say.birthday.soon.${side}`, { count: Number.isFinite(days) ? days : 2 })
}

const sayTrait = (words: Words, name: string, test: Test, side: Side): string => {
  const { t } = words
  if (test.op === 'anniversary' && BIRTHDAYS.has(name.toLowerCase()))
    return sayBirthday(words, test.days, side)
  const subject = traitName(words, name) || t('cdp.segments.say.blank')
  const clause = whose(words, subject, sayTest(words, test, { isMoment: false, trait: name }, side))
  const isOpen = side === 'no' && takesInUnknown(test)
  return isOpen ? t('cdp.segments.say.orUnknown', { text: clause }) : clause
}

const sayField = (words: Words, name: FieldName, test: Test, side: Side): string => {
  const { t } = words
  const isCount = (COUNTS as readonly string[]).includes(name)
  const any = name === 'order_count' ? asksForAny(test) : null
  if (any) return t(`cdp.segments.say.ordered.${any === side ? 'yes' : 'no'}`)
  const [asked, told] = isCount ? settled(test, side) : [test, side]
  const subject = { isMoment: isMoment(name) || isMomentTest(test), isMoney: name === 'revenue_minor' }
  const clause = whose(words, t(`cdp.segments.say.field.${name}`), sayTest(words, asked, subject, told))
  const isOpen = side === 'no' && !isCount && takesInUnknown(test)
  return isOpen ? t('cdp.segments.say.orUnknown', { text: clause }) : clause
}

/** What a layer and its classes are called. */
export const layerName = ({ names, word }: Words, layer: string): string =>
  names.layer(layer) ?? word('cdp.segments.say.layers', layer)

export const className = ({ names, word }: Words, layer: string, name: string): string =>
  layer === 'stage' ? word('kernel.stage', name) : (names.layerClass(layer, name) ?? name)

const sayLayer = (words: Words, layer: string, classes: string[], side: Side): string => {
  const { t } = words
  const named = classes.map((each) => quoted(words, className(words, layer, each)))
  return t(`cdp.segments.say.layer.${side}`, {
    layer: layerName(words, layer) || t('cdp.segments.say.blank'),
    classes: named.length > 0 ? oneOf(words, named) : t('cdp.segments.say.blank'),
  })
}

const sayReachable = ({ t, word }: Words, channel: string, side: Side): string => {
  if (channel === 'any') return t(`cdp.segments.say.reachable.${side === 'yes' ? 'anyYes' : 'anyNo'}`)
  return t(`cdp.segments.say.reachable.${side}`, { channel: word('kernel.channel', channel) })
}

const places = (words: Words, sources: string[]): string =>
  sources.length === 0
    ? words.t('cdp.segments.say.blank')
    : oneOf(
        words,
        sources.map((slug) => quoted(words, words.names.source(slug) ?? slug)),
      )

const numbered = (words: Words, name: string | undefined, id: number): string =>
  name || !id ? quoted(words, name ?? '') : words.t('cdp.segments.say.unknownSegment', { id: String(id) })

const sayLeaf = (words: Words, leaf: Leaf, side: Side): string => {
  const { t, names } = words
  switch (leaf.type) {
    case 'event':
      return sayEvent(words, leaf, side)
    case 'sequence':
      return saySequence(words, leaf, side)
    case 'trait':
      return sayTrait(words, leaf.name, leaf.test, side)
    case 'field':
      return sayField(words, leaf.name, leaf.test, side)
    case 'tag':
      return t(`cdp.segments.say.tag.${side}`, { name: quoted(words, names.tag(leaf.tag) ?? leaf.tag) })
    case 'layer':
      return sayLayer(words, leaf.layer, leaf.classes, side)
    case 'reachable':
      return sayReachable(words, leaf.channel ?? 'any', side)
    case 'source':
      return t(`cdp.segments.say.touch.${leaf.touch ?? 'any'}.${side}`, {
        places: places(words, leaf.sources),
      })
    case 'domain':
      return t(`cdp.segments.say.touch.${leaf.touch ?? 'any'}.${side}`, {
        places: quoted(words, t(`kernel.domain.${leaf.domain}`)),
      })
    case 'referral':
      return t(`cdp.segments.say.referral.${leaf.role}.${side}`)
    case 'segment':
      return t(`cdp.segments.say.segment.${side}`, {
        name: numbered(words, names.segment(leaf.segment_id), leaf.segment_id),
      })
    case 'list':
      return t(`cdp.segments.say.list.${side}`, {
        name: numbered(words, names.list(leaf.list_id), leaf.list_id),
      })
    case 'sample':
      return t(`cdp.segments.say.sample.${side}`, { percent: sharePercent(words, leaf.percent) })
  }
}

const sharePercent = ({ t, format }: Words, percent: number): string =>
  Number.isFinite(percent) ? `${format.decimal(percent, 2)}%` : t('cdp.segments.say.blank')

type Group = Extract<Condition, { conditions: unknown }>

const isJoined = (condition: Condition): condition is Group =>
  condition.type === 'all' || condition.type === 'any'

/** A clause inside another: groups of several stand in brackets. */
const nested = (words: Words, condition: Condition): string => {
  const clause = clauseOf(words, condition)
  const isSeveral = isJoined(condition) && condition.conditions.length > 1
  return isSeveral ? words.t('cdp.segments.say.group', { clause }) : clause
}

const sayGroup = (words: Words, { type, conditions }: Group): string => {
  const { t } = words
  const [only] = conditions
  if (!only) return t(type === 'all' ? 'cdp.segments.say.anyone' : 'cdp.segments.say.noOne')
  if (conditions.length === 1) return clauseOf(words, only)
  const clauses = conditions.map((condition) => nested(words, condition))
  return clauses.join(t(type === 'all' ? 'cdp.segments.say.and' : 'cdp.segments.say.or'))
}

const clauseOf = (words: Words, condition: Condition): string => {
  if (isJoined(condition)) return sayGroup(words, condition)
  if (condition.type !== 'not') return sayLeaf(words, condition, 'yes')
  const denied = condition.condition
  if (isJoined(denied)) return words.t('cdp.segments.say.without', { clause: clauseOf(words, denied) })
  return denied.type === 'not' ? clauseOf(words, denied.condition) : sayLeaf(words, denied, 'no')
}

/** A condition as a clause that tells who is meant: "who have the tag …", 「带有标签…」. */
export const sayCondition = (words: Words, condition: Condition): string =>
  inScript(words, clauseOf(words, condition))

/** A rule in one plain sentence. */
export const sayRule = (words: Words, { condition }: Rule): string => {
  const isEmpty = isJoined(condition) && condition.conditions.length === 0
  if (isEmpty)
    return words.t(condition.type === 'all' ? 'cdp.segments.say.everybody' : 'cdp.segments.say.nobody')
  return inScript(words, words.t('cdp.segments.say.people', { clause: clauseOf(words, condition) }))
}
