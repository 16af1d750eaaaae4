/** A trait's value as one line: lists joined, objects as JSON. */
export const traitText = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return '–'
  if (Array.isArray(value)) return value.map(traitText).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
