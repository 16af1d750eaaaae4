const OPERATORS: Readonly<Record<string, string>> = { equals: '=', contains: '∋', regex: '~' }

/** A condition as one reads it: field, operator, value. */
export const sayCondition = (condition: Record<string, unknown>): string => {
  const { field, op, value } = condition
  if (op === 'present') return `${String(field)} ✓`
  const values = Array.isArray(value) ? value.join(' | ') : String(value ?? '')
  return `${String(field)} ${OPERATORS[String(op)] ?? String(op)} ${values}`
}

/** What keeps a text from being JSON; null where nothing does. */
export const jsonFault = (text: string): string | null => {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
