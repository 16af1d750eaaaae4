export const LOCALES = ['en', 'zh-CN'] as const
export type Locale = (typeof LOCALES)[number]

const STORAGE_KEY = 'fanwheel.locale'

export const isLocale = (value: unknown): value is Locale => LOCALES.includes(value as Locale)

/** The supported locale nearest to what a browser asks for. */
export const nearestLocale = (languages: readonly string[]): Locale => {
  for (const language of languages) {
    const base = language.toLowerCase().split('-')[0]
    if (base === 'zh') return 'zh-CN'
    if (base === 'en') return 'en'
  }
  return 'en'
}

/** What the reader chose last, else what the browser prefers. */
export const preferredLocale = (): Locale => {
  const stored = readStored()
  return isLocale(stored) ? stored : nearestLocale(navigator.languages)
}

/** Whether the reader has ever chosen a language in this browser. */
export const hasChosenLocale = (): boolean => isLocale(readStored())

export const storeLocale = (locale: Locale) => {
  try {
    localStorage.setItem(STORAGE_KEY, locale)
  } catch {
    // Storage may be forbidden; the choice then lasts until the page is closed.
  }
}

const readStored = (): string | null => {
  try {
    return localStorage.getItem(STORAGE_KEY)
  } catch {
    return null
  }
}
