import type { TFunction } from 'i18next'
import type { Formats } from '@/kernel/format'

/** What a sentence is made with: the language, its formats, and what things are called. */
export interface Words {
  t: TFunction
  /** A word of the catalogue under a prefix, or the value itself. */
  word: (prefix: string, value: string) => string
  format: Pick<Formats, 'locale' | 'count' | 'decimal' | 'share' | 'money' | 'instant' | 'clock'>
  /** The reporting currency, in which net revenue is. */
  currency: string
  names: Names
}

/** What the workspace calls its own things; whatever it does not name keeps its key. */
export interface Names {
  segment: (id: number) => string | undefined
  list: (id: number) => string | undefined
  source: (slug: string) => string | undefined
  trait: (name: string) => string | undefined
  /** What people read instead of a value of a trait. */
  option: (trait: string, value: string) => string | undefined
  /** What stands behind the numbers of a trait. */
  unit: (trait: string) => string | undefined
  tag: (tag: string) => string | undefined
  layer: (key: string) => string | undefined
  layerClass: (layer: string, key: string) => string | undefined
}

export const NO_NAMES: Names = {
  segment: () => undefined,
  list: () => undefined,
  source: () => undefined,
  trait: () => undefined,
  option: () => undefined,
  unit: () => undefined,
  tag: () => undefined,
  layer: () => undefined,
  layerClass: () => undefined,
}

/** What a trait is called: by its definition, else by a common name, else by its key. */
export const traitName = ({ names, word }: Words, name: string): string =>
  names.trait(name) ?? word('kernel.trait', name)

export const quoted = ({ t }: Words, text: string): string =>
  text === '' ? t('cdp.segments.say.blank') : t('cdp.segments.say.quoted', { text })

/** One of several: "a, b, or c". */
export const oneOf = ({ format }: Words, texts: string[]): string =>
  new Intl.ListFormat(format.locale, { type: 'disjunction' }).format(texts)

export const number = ({ t, format }: Words, value: number): string =>
  Number.isFinite(value) ? format.decimal(value, 6) : t('cdp.segments.say.blank')

/** A moment; of one at midnight only the day. */
export const moment = ({ t, format }: Words, at: string | undefined): string => {
  if (!at || Number.isNaN(Date.parse(at))) return t('cdp.segments.say.blank')
  return format.instant(at, format.clock(at, true) === '00:00:00' ? 'date' : 'minute')
}

/** A subject and what is said of it. */
export const spokenOf = ({ format }: Words, subject: string, predicate: string): string =>
  format.locale === 'en' ? `${subject} ${predicate}` : `${subject}${predicate}`

/** The same as a clause about people. */
export const whose = (words: Words, subject: string, predicate: string): string =>
  words.t('cdp.segments.say.whose', { spoken: spokenOf(words, subject, predicate) })

const CHINESE = '[\\u4e00-\\u9fff]'
const LATIN = '[\\w¥$€£%)]'
const MEETING = new RegExp(`(?<=${CHINESE})(?=[\\w¥$€£])|(?<=${LATIN})(?=${CHINESE})`, 'g')

/** Chinese with a space wherever it meets Latin letters or figures, but not inside what is quoted. */
export const spaced = (text: string): string =>
  text
    .split(/(「[^」]*」)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(MEETING, ' ')))
    .join('')

/** A text as its language is set. */
export const inScript = ({ format }: Words, text: string): string =>
  format.locale === 'en' ? text : spaced(text)
