import { color, fontText } from '@/kernel/ui/tokens'

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text from data, safe inside a tooltip's markup. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (mark) => ESCAPES[mark] ?? mark)

/** The look of every tooltip. */
export const tooltipStyle = {
  backgroundColor: '#fff',
  borderColor: color.line,
  borderWidth: 1,
  padding: [8, 12],
  textStyle: { color: color.ink, fontSize: 13, fontFamily: fontText },
  extraCssText: 'box-shadow:0 6px 20px rgb(20 36 46 / 10%);border-radius:6px',
  confine: true,
} as const

/** A heading and lines of name and figure, as markup with all text escaped. */
export const tooltipLines = (heading: string, lines: readonly (readonly [string, string])[]): string => {
  const rows = lines.map(
    ([name, figure]) =>
      `<div style="display:flex;justify-content:space-between;gap:20px"><span style="color:${color.secondary}">${escapeHtml(name)}</span><b style="font-weight:600">${escapeHtml(figure)}</b></div>`,
  )
  return `<div style="font-weight:600;margin-bottom:2px">${escapeHtml(heading)}</div>${rows.join('')}`
}
