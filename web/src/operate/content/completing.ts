/** Where a variable is being written: what of it stands there, and from where to where. */
export interface Begun {
  text: string
  from: number
  to: number
}

const OPEN = /\{\{\s*([\w.]*)$/

/** The variable that is being written before the cursor; none: nothing is. */
export const begunAt = (value: string, cursor: number): Begun | null => {
  const found = OPEN.exec(value.slice(0, cursor))
  if (!found) return null
  const [whole, text = ''] = found
  return { text, from: cursor - whole.length, to: cursor }
}

/** The value with the variable written out, and where the cursor stands then; braces that are there already stay. */
export const completed = (value: string, begun: Begun, path: string): { value: string; cursor: number } => {
  const rest = value.slice(begun.to).replace(/^\w*\s*\}\}/, '')
  const written = `${value.slice(0, begun.from)}{{ ${path} }}`
  return { value: written + rest, cursor: written.length }
}
