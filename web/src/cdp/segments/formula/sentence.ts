import { saySelector } from '../sentence/event'
import { saySpan } from '../sentence/test'
import { inScript, number, type Words } from '../sentence/words'
import { eventsOf, type Formula } from './types'

const PRODUCTS = /^products(\[\])?\./

/** What events say at a path; of their products, that it is theirs, unless the word says so itself. */
export const sayPath = (words: Words, path: string | null | undefined): string => {
  if (!path) return words.t('cdp.segments.say.blank')
  const own = path.replace(PRODUCTS, '')
  const name = words.word('cdp.segments.words.property', own)
  const isPlain = own === path || own.startsWith('product')
  return isPlain ? name : words.t('cdp.segments.formula.ofProducts', { name })
}

const sayEvents = (words: Words, formula: Formula): string => {
  const events = eventsOf(formula).map((each) => saySelector(words, each))
  if (events.length === 0) return words.t('cdp.segments.say.blank')
  return new Intl.ListFormat(words.format.locale, { type: 'disjunction' }).format(events)
}

/** What a computed trait says of somebody, in one plain sentence. */
export const sayFormula = (words: Words, formula: Formula): string => {
  const { t } = words
  const { window, limit } = formula
  const sentence = t(`cdp.segments.formula.say.${formula.of}`, {
    event: sayEvents(words, formula),
    of: sayPath(words, formula.path),
    when: window ? t('cdp.segments.say.when.within', { span: saySpan(words, window) }) : '',
    most: number(words, limit ?? Number.NaN),
  })
  return inScript(words, sentence)
}
