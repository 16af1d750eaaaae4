/** So much of a file holds its first line. */
const HEAD_BYTES = 64 * 1024
const MOST_COLUMNS = 200

/** The first line of a text, quotes and all. */
const firstLine = (text: string): string => {
  let isQuoted = false
  for (let place = 0; place < text.length; place += 1) {
    const sign = text[place]
    if (sign === '"') isQuoted = !isQuoted
    else if (!isQuoted && (sign === '\n' || sign === '\r')) return text.slice(0, place)
  }
  return text
}

/** The columns that the first line of a CSV file names. */
export const columnsOf = (text: string): string[] => {
  const line = firstLine(text.replace(/^\uFEFF/, ''))
  const count = (sign: string) => line.split(sign).length
  const separator = [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best))
  const columns: string[] = []
  let cell = ''
  let isQuoted = false
  for (const sign of `${line}${separator}`) {
    if (sign === '"') isQuoted = !isQuoted
    else if (sign === separator && !isQuoted) {
      columns.push(cell.trim())
      cell = ''
    } else cell += sign
  }
  return columns.filter((name) => name !== '').slice(0, MOST_COLUMNS)
}

/** The same of a file; spreadsheets in China write other characters than UTF-8. */
export const columnsOfFile = async (file: File): Promise<string[]> => {
  const bytes = await file.slice(0, HEAD_BYTES).arrayBuffer()
  const text = new TextDecoder('utf-8').decode(bytes)
  return columnsOf(text.includes('\uFFFD') ? new TextDecoder('gb18030').decode(bytes) : text)
}
