const formats = new Map<string, unknown>()

/** One formatter for the same wish: making one costs more than using it a hundred times. */
export const cached = <Format, Options>(
  make: new (locale: string, options: Options) => Format,
  locale: string,
  options: Options,
): Format => {
  const key = `${make.name} ${locale} ${JSON.stringify(options)}`
  const known = formats.get(key) as Format | undefined
  if (known) return known
  const made = new make(locale, options)
  formats.set(key, made)
  return made
}
