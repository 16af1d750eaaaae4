/** Hand a file to the reader. */
export const download = (content: Blob, fileName: string) => {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  // The browser takes the content up after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
