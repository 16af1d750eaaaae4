/** The width of a Latin letter at 13 pixels, about; a Chinese character is as wide as it is high. */
const LETTER = 7.2
const WIDE = 13
const FIRST_WIDE = 0x2e7f

/** The text, cut with an ellipsis where it would need more room than these pixels. */
export const shorten = (text: string, pixels: number): string => {
  const letters = [...text]
  let used = 0
  for (const [index, letter] of letters.entries()) {
    used += (letter.codePointAt(0) ?? 0) > FIRST_WIDE ? WIDE : LETTER
    if (used > pixels) return `${letters.slice(0, Math.max(1, index - 1)).join('')}…`
  }
  return text
}
