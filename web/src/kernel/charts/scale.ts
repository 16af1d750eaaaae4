type Rgb = readonly [number, number, number]

const parse = (hex: string): Rgb =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb

/** The colour a fraction of the way from one to another. */
export const mix = (from: string, to: string, fraction: number): string => {
  const [start, end] = [parse(from), parse(to)]
  const share = Math.min(1, Math.max(0, fraction))
  const parts = start.map((value, index) => Math.round(value + ((end[index] ?? value) - value) * share))
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

const luminance = (hex: string): number => {
  const [red = 0, green = 0, blue = 0] = parse(hex).map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** How far apart two colours are for reading, as WCAG counts it. */
export const contrast = (one: string, other: string): number => {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

/** Black or white text, whichever reads better on the colour. */
export const textOn = (background: string, dark = '#000000'): string =>
  contrast(background, dark) >= contrast(background, '#ffffff') ? dark : '#ffffff'
