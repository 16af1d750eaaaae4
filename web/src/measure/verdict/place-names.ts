import { useFormats } from '@/kernel/format'

/** Names of regions in one line, as the reader's language lists them. */
export const usePlaceNames = () => {
  const { locale } = useFormats()
  return (names: readonly string[]): string =>
    new Intl.ListFormat(locale, { type: 'conjunction' }).format(names)
}
