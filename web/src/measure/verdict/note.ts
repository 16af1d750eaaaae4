import type { VerdictNote } from '@/kernel/api'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'

const DAYS: readonly string[] = ['first', 'last', 'day']
const DECIMALS: readonly string[] = ['times', 'errors']

/** What the server has to say, in the reader's language: by the name of a value one knows how to write it. */
export const useNoteText = () => {
  const t = useT()
  const format = useFormats()
  const written = ([name, value]: [string, string | number]): [string, string] => {
    if (typeof value === 'string') {
      return [name, DAYS.includes(name) ? format.day(value, { withYear: true }) : value]
    }
    if (name.endsWith('share')) return [name, format.share(value)]
    return [name, DECIMALS.includes(name) ? format.decimal(value, 1) : format.count(value)]
  }
  return ({ code, values }: VerdictNote): string => {
    // Which values a sentence takes depends on its code; a test of the server's codes holds the catalogues to it.
    const known = Object.fromEntries(Object.entries(values).map(written)) as { problem: string }
    return t(`measure.verdict.note.${code}` as 'measure.verdict.note.bad_data', known)
  }
}
