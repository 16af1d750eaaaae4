/** What the server says, by its English sentences; `{0}`, `{1}` … stand for what is filled in. */
export interface Phrasebook {
  sentences: Record<string, string>
  pydantic: Record<string, string>
  /** What other sentences are put into. */
  frames: Record<string, string>
  /** What stands within other sentences only. */
  parts: Record<string, string>
  /** What forms call the fields of requests; `{0:name}` is said so. */
  names: Record<string, string>
}

type Say = (text: string) => string | null

interface Pattern {
  test: RegExp
  fill: (values: string[]) => string
  /** How much of it is fixed: the most exact one is right. */
  weight: number
}

const BLANK = /\{(\d)(:name)?\}/g
const LIST = /(, not |, | or | to )/
const BETWEEN: Record<string, string> = { ', ': '、', ', not ': '，而不是', ' or ': '或', ' to ': ' 到 ' }
const SELF_EVIDENT = /^(['"“].*['"”]|[\d.,]+)$/
const MOST_REMEMBERED = 2000

let speak: Say | null = null

/** Say the server's sentences with `book` from now on; without one they stay English. */
export const speakBy = (
  book: Phrasebook | null,
  label: (name: string) => string | undefined = () => undefined,
) => {
  speak = book && remember(speaker(book, label))
}

/** A text of the server in the language on screen, as far as it is known. */
export const said = (text: string): string => speak?.(text) ?? text

const remember = (say: Say): Say => {
  const known = new Map<string, string | null>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    if (known.size >= MOST_REMEMBERED) known.clear()
    const told = say(text)
    known.set(text, told)
    return told
  }
}

const speaker = (book: Phrasebook, label: (name: string) => string | undefined): Say => {
  const name = (value: string): string =>
    value
      .split(', ')
      .map((path) =>
        path
          .split('.')
          .map((part) => step(part, label(part) ?? book.names[part]))
          .join(' › '),
      )
      .join('、')
  const inner: Say = (text) => phrase(text) ?? list(text, phrase)
  const read = (...parts: Record<string, string>[]) => reader(Object.assign({}, ...parts), inner, name)
  const top = read(book.pydantic, book.frames, book.sentences)
  const within = read(book.parts)
  const phrase: Say = (text) => within(text) ?? sentence(text, top) ?? sentence(text, within)
  return (text) => sentence(text, top)
}

/** A text as one sentence, without its full stop, as several, or behind what it is about. */
const sentence = (text: string, say: Say): string | null => {
  const whole = say(text) ?? (text.endsWith('.') ? ended(say(text.slice(0, -1))) : null)
  if (whole !== null) return whole
  const several = text.split(/(?<=[.?!]) (?=[A-Z“])/)
  if (several.length > 1) {
    const told = several.map(say)
    return told.every((each) => each === null) ? null : told.map((each, at) => each ?? several[at]).join('')
  }
  const about = /^([^:“”]{1,80}): (.+)$/s.exec(text)
  const told = about?.[2] ? sentence(about[2], say) : null
  return told === null ? null : `${about?.[1]}：${told}`
}

const ended = (text: string | null) => (text === null ? null : /[。？！]$/.test(text) ? text : `${text}。`)

/** A list of known words, of quoted ones and of numbers. */
const list = (text: string, say: Say): string | null => {
  const parts = text.split(LIST)
  if (parts.length < 3) return null
  const told = parts.map((part, at) =>
    at % 2 ? (BETWEEN[part] ?? null) : SELF_EVIDENT.test(part) ? part : say(part),
  )
  return told.every((each) => each !== null) ? told.join('') : null
}

const step = (part: string, label: string | undefined) =>
  /^\d+$/.test(part) ? `第 ${Number(part) + 1} 项` : (label ?? part)

const reader = (phrases: Record<string, string>, inner: Say, name: (value: string) => string): Say => {
  const fixed = new Map<string, string>()
  const patterns: Pattern[] = []
  for (const [english, told] of Object.entries(phrases)) {
    if (english.search(BLANK) < 0) fixed.set(english, told)
    else patterns.push(pattern(english, told, inner, name))
  }
  patterns.sort((one, other) => other.weight - one.weight)
  return (text) => {
    const whole = fixed.get(text)
    if (whole !== undefined) return whole
    for (const { test, fill } of patterns) {
      const found = test.exec(text)
      if (found) return fill(found.slice(1))
    }
    return null
  }
}

const pattern = (english: string, told: string, inner: Say, name: (value: string) => string): Pattern => {
  const fixed = english.split(/\{\d\}/)
  const source = fixed.map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('([\\s\\S]*?)')
  // What stands in quotation marks is somebody's own word.
  const isQuoted = fixed.map((part) => /[“'`]$/.test(part))
  const fill = (values: string[]) =>
    told.replace(BLANK, (_, at: string, isName?: string) => {
      const value = values[Number(at)] ?? ''
      if (isName) return name(value)
      return isQuoted[Number(at)] ? value : (inner(value) ?? value)
    })
  return { test: new RegExp(`^${source}$`), fill, weight: fixed.join('').length }
}
